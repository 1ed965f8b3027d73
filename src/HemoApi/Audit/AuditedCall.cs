using System.Text.RegularExpressions;
using HemoApi.Hosting;

namespace HemoApi.Audit;

/// <summary>What the audit trail keeps of a request: route values that are ids, and the values of query parameters that the endpoint has named.</summary>
public static partial class AuditedCall
{
    private const string StudyRoute = "/studies/{id:guid}";
    private static readonly string[] Subjects = ["referenceId", "keyId", "plot"];

    /// <summary>Null where the endpoint's calls are not written down.</summary>
    public static AuditRecord? Of(HttpContext http)
    {
        if (http.GetEndpoint() is not RouteEndpoint endpoint)
        {
            return null;
        }

        var decision = endpoint.Metadata.GetMetadata<AuditDecision>();
        if (decision is { Action: null })
        {
            return null;
        }

        var caller = Caller.Of(http.User);
        var id = http.GetRouteValue("id") is string text && Guid.TryParse(text, out var parsed) ? parsed : (Guid?)null;
        var ofStudy = endpoint.RoutePattern.RawText?.Contains(StudyRoute, StringComparison.Ordinal) == true;
        return new AuditRecord(caller.TenantId, caller.Id, decision?.Action ?? endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? "unnamed")
        {
            StudyId = ofStudy ? id : null,
            Subject = Subjects.Select(name => http.GetRouteValue(name) as string).FirstOrDefault(value => value is not null && Harmless().IsMatch(value))
                ?? (ofStudy ? null : id?.ToString()),
            Detail = Filter(http.Request.Query, decision?.Filter ?? []),
            Address = AddressOf(http),
        };
    }

    public static string? AddressOf(HttpContext http) => http.Connection.RemoteIpAddress is { } address
        ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString()
        : null;

    /// <summary>E.g. <c>from=2026-01-01T00:00:00Z&amp;patientId=*</c>: what else was asked for is named without its value.</summary>
    private static string? Filter(IQueryCollection query, IReadOnlyList<string> kept)
    {
        var parts = kept.Where(query.ContainsKey).Select(name => (string?)query[name] is { } value && Harmless().IsMatch(value) ? $"{name}={value}" : $"{name}=*");
        return string.Join('&', parts) is { Length: > 0 } filter ? filter : null;
    }

    /// <summary>Numbers, times, codes and ids.</summary>
    [GeneratedRegex(@"\A[A-Za-z0-9 .:+_-]{1,64}\z")]
    private static partial Regex Harmless();
}
