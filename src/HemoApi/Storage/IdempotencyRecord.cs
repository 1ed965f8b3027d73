namespace HemoApi.Storage;

/// <summary>What an <c>Idempotency-Key</c> was used for. Made before the work, completed with its answer.</summary>
public sealed class IdempotencyRecord : ITenantOwned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid TenantId { get; init; }

    /// <summary>The header's value; unique within the tenant.</summary>
    public required string Key { get; init; }

    /// <summary>The <see cref="Study.Fingerprint"/> of the request; null while it is still coming in.</summary>
    public string? Fingerprint { get; set; }

    public Guid? StudyId { get; set; }

    public Guid? JobId { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    /// <summary>Null while the first request is in progress.</summary>
    public DateTimeOffset? CompletedAt { get; set; }
}
