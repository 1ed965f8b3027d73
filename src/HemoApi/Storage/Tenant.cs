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

    /// <summary>Bytes of the uploads and reference masks that are kept; uploads on their way to the store count from the moment that they are accepted.</summary>
    public long StoredBytes { get; init; }

    /// <summary>The number of the tenant's last <see cref="Change"/>.</summary>
    public long LastChange { get; init; }

    /// <summary>When a routine job of the tenant was last started, UTC ticks; 0 for never. The queue serves the smallest first.</summary>
    public long RoutineTurn { get; init; }

    /// <summary>The same of stat jobs.</summary>
    public long StatTurn { get; init; }

    /// <summary>Starts of the tenant's jobs so far.</summary>
    public long Starts { get; init; }
}
