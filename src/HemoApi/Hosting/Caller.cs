using System.Security.Claims;

namespace HemoApi.Hosting;

/// <summary>Who asks: a tenant and what it may do. Handlers take it as a parameter; the database shows only its rows.</summary>
public sealed record Caller
{
    /// <summary>No one yet: sees nothing.</summary>
    public static Caller Anonymous { get; } = new();

    /// <summary>The service itself (jobs, start-up, key lookup): sees the rows of all tenants.</summary>
    public static Caller System { get; } = new() { IsSystem = true };

    public Guid TenantId { get; private init; }

    /// <summary>As the audit trail names it: <c>key:</c> with the id of an API key, <c>oidc:</c> with the subject of a token.</summary>
    public string Id { get; private init; } = "anonymous";

    public IReadOnlySet<string> Scopes { get; private init; } = new HashSet<string>();

    public bool IsSystem { get; private init; }

    public static Caller Of(Guid tenantId, IEnumerable<string> scopes, string id = "service") =>
        new() { TenantId = tenantId, Scopes = scopes.ToHashSet(StringComparer.Ordinal), Id = id };

    /// <summary>Whether it may do what this scope allows.</summary>
    public bool Holds(string scope) => Scopes.Contains(scope) || Scopes.Contains(Hosting.Scopes.Admin);

    /// <summary>From the claims that the authentication schemes set; <see cref="Anonymous"/> where there are none.</summary>
    public static Caller Of(ClaimsPrincipal? user) =>
        Guid.TryParse(user?.FindFirstValue(CallerClaims.TenantId), out var tenantId)
            ? Of(tenantId, user!.FindAll(CallerClaims.Scope).Select(c => c.Value), user.FindFirstValue(CallerClaims.Id) ?? "unnamed")
            : Anonymous;
}

public static class CallerClaims
{
    public const string TenantId = "hemoapi:tenant";
    public const string Scope = "hemoapi:scope";
    public const string Id = "hemoapi:caller";
}
