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

    public IReadOnlySet<string> Scopes { get; private init; } = new HashSet<string>();

    public bool IsSystem { get; private init; }

    public static Caller Of(Guid tenantId, IEnumerable<string> scopes) =>
        new() { TenantId = tenantId, Scopes = scopes.ToHashSet(StringComparer.Ordinal) };

    /// <summary>From the claims that the authentication schemes set; <see cref="Anonymous"/> where there are none.</summary>
    public static Caller Of(ClaimsPrincipal? user) =>
        Guid.TryParse(user?.FindFirstValue(CallerClaims.TenantId), out var tenantId)
            ? Of(tenantId, user!.FindAll(CallerClaims.Scope).Select(c => c.Value))
            : Anonymous;
}

public static class CallerClaims
{
    public const string TenantId = "hemoapi:tenant";
    public const string Scope = "hemoapi:scope";
}
