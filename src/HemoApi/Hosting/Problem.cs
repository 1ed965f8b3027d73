using System.Diagnostics;
using System.Globalization;
using HemoApi.Imaging;

namespace HemoApi.Hosting;

/// <summary>A <see cref="Fault"/> as an HTTP answer (RFC 9457). The only way that HemoApi says no.</summary>
/// <param name="links">Where to go instead.</param>
/// <param name="status">Only where the framework chose a status that no code has of its own; else it follows from the code.</param>
public sealed class Problem(
    Fault fault,
    IReadOnlyDictionary<string, string>? links = null,
    int? status = null) : IResult, IStatusCodeHttpResult
{
    public const string ContentType = "application/problem+json";

    private static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(30);

    public Fault Fault => fault;

    public int? StatusCode => status ?? ProblemTable.Of(fault.Code).Status;

    public static bool NeedsRetryAfter(int status) => status is 429 or 503 or 507;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var answered = status ?? ProblemTable.Of(fault.Code).Status;
        httpContext.Response.StatusCode = answered;
        httpContext.RequestServices.GetService<HemoMetrics>()?.Refused(fault.Code);
        if ((fault.RetryAfter ?? (NeedsRetryAfter(answered) ? DefaultRetryAfter : null)) is { } wait)
        {
            httpContext.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        var traceId = Activity.Current?.TraceId.ToString() ?? httpContext.TraceIdentifier;
        var document = ProblemDocument.Of(fault, answered, traceId, links);
        return httpContext.Response.WriteAsJsonAsync(document, options: null, contentType: ContentType, httpContext.RequestAborted);
    }
}

/// <summary>Problem details (RFC 9457) with HemoApi's members.</summary>
/// <param name="Type">A name for the kind of problem; it follows from the code.</param>
/// <param name="Title">The kind of problem in words; the same for each code.</param>
/// <param name="Status">The HTTP status again.</param>
/// <param name="Detail">What is wrong with this request.</param>
/// <param name="Code">Stable: branch on this.</param>
/// <param name="Remedy">What to do about it.</param>
/// <param name="TraceId">Quote it when you report a fault; the service's logs have it.</param>
/// <param name="Links">Where to go instead, where there is such a place.</param>
public sealed record ProblemDocument(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Code,
    string Remedy,
    string TraceId,
    IReadOnlyDictionary<string, string>? Links = null)
{
    public static ProblemDocument Of(Fault fault, int status, string traceId, IReadOnlyDictionary<string, string>? links) => new(
        $"urn:problem-type:hemoapi:{fault.Code}", ProblemTable.Of(fault.Code).Title, status, fault.Detail, fault.Code, fault.Remedy, traceId, links);
}

public static class ProblemResults
{
    public static Problem ToProblem(this Fault fault) => new(fault);
}
