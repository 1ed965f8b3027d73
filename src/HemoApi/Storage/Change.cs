namespace HemoApi.Storage;

/// <summary>One line of a tenant's history: what changed its state, and when. Ids and states only; written in the transaction of the
/// change itself, never altered, and forgotten from the oldest on.</summary>
public sealed class Change : ITenantOwned
{
    public required Guid TenantId { get; init; }

    /// <summary>1, 2, 3 … within the tenant, without gaps, in the order in which they became visible.</summary>
    public required long Sequence { get; init; }

    /// <summary>One of <see cref="Changes.ChangeTypes"/>.</summary>
    public required string Type { get; init; }

    public required Guid StudyId { get; init; }

    /// <summary>Null where it concerns the study as a whole.</summary>
    public required Guid? JobId { get; init; }

    public required DateTimeOffset At { get; init; }
}
