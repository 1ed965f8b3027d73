namespace HemoApi.Storage;

/// <summary>An owner of studies. Nothing of one tenant is visible to another.</summary>
public sealed class Tenant
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>Unique; named on the command line and in the tenant claim of OIDC tokens.</summary>
    public required string Name { get; init; }

    /// <summary>Days after which a study is deleted; 0: never; null: as the setting <c>Retention:StudyDays</c> says.</summary>
    public int? RetentionDays { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}
