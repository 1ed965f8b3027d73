namespace HemoApi.Storage;

/// <summary>An owner of studies. Nothing of one tenant is visible to another.</summary>
public sealed class Tenant
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>Unique; named on the command line and in the tenant claim of OIDC tokens.</summary>
    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
