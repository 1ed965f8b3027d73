using HemoApi.Analytics;
using HemoApi.Storage;

namespace HemoApi.Queries;

/// <summary>A filter of results under a name.</summary>
/// <param name="Name">Unique among the tenant's queries.</param>
public sealed record QueryDocument(Guid QueryId, string Name, AnalyticsFilter Filter, DateTimeOffset CreatedAt, QueryLinks Links)
{
    public static QueryDocument Of(SavedQuery row) => new(row.Id, row.Name, row.Filter, row.CreatedAt, QueryLinks.Of(row.Id));
}

/// <summary>Where to go from here.</summary>
/// <param name="Volumes">Statistics of the results that the query finds now.</param>
public sealed record QueryLinks(string Self, string Volumes)
{
    public static string Path(Guid id) => $"/api/v1/queries/{id}";

    public static QueryLinks Of(Guid id) => new(Path(id), $"/api/v1/analytics/volumes?queryId={id}");
}

/// <param name="NextCursor">For the next page; absent on the last one.</param>
public sealed record QueryPage(IReadOnlyList<QueryDocument> Items, string? NextCursor);
