using HemoApi.Analytics;

namespace HemoApi.Storage;

/// <summary>A filter of results under a name. It is never changed: another filter is another query.</summary>
public sealed class SavedQuery : ITenantOwned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid TenantId { get; init; }

    /// <summary>Unique among the tenant's queries.</summary>
    public required string Name { get; init; }

    public required AnalyticsFilter Filter { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
