namespace HemoApi.Storage;

/// <summary>An address that a tenant wants to be told at.</summary>
public sealed class Webhook : ITenantOwned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid TenantId { get; init; }

    public required string Url { get; init; }

    /// <summary>Of <see cref="Changes.ChangeTypes"/>.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    /// <summary>What deliveries are signed with, so it can't be kept as a hash. Leaves the service once, in the answer that made it.</summary>
    public required byte[] Secret { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public int FailuresInARow { get; set; }

    /// <summary>Nothing is sent before this time, so that a receiver that does not answer takes no one else's turn.</summary>
    public DateTimeOffset? RestsUntil { get; set; }
}
