namespace HemoApi.Audit;

/// <summary>Endpoint metadata: whether calls are written to the audit trail, and as what. Every endpoint has one; a test counts them.</summary>
/// <param name="Action">Null where calls are not written down.</param>
/// <param name="Reason">Why not; null where they are.</param>
/// <param name="Filter">Names of query parameters whose values are kept. Never of one that can hold patient data.</param>
public sealed record AuditDecision(string? Action, string? Reason, IReadOnlyList<string> Filter);

public static class AuditDescriptions
{
    /// <summary>Calls are written to the audit trail, and answered only once they are.</summary>
    public static RouteHandlerBuilder Audited(this RouteHandlerBuilder route, string action, params string[] filter) =>
        route.WithMetadata(new AuditDecision(action, null, filter));

    public static TBuilder NotAudited<TBuilder>(this TBuilder route, string reason)
        where TBuilder : IEndpointConventionBuilder
    {
        route.WithMetadata(new AuditDecision(null, reason, []));
        return route;
    }
}

/// <summary>A body, of a request or an answer, that says which study or what else it is about.</summary>
public interface IAuditSubject
{
    Guid? AuditedStudy => null;

    string? AuditedSubject => null;
}
