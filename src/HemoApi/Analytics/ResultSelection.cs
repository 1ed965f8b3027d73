using HemoApi.Imaging;
using HemoApi.Queries;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Analytics;

/// <summary>The results that a request asks for: complete ones that pass its own filter and that of the saved query which it names.</summary>
public sealed record ResultSelection(AnalyticsFilter Own, AnalyticsFilter? Saved)
{
    /// <param name="queryId">Null where the request names none.</param>
    /// <returns>Or request.invalid, or not_found.</returns>
    public static async Task<Outcome<ResultSelection>> Of(AnalyticsFilter own, Guid? queryId, HemoDbContext db, CancellationToken cancellationToken)
    {
        if (own.Check() is { } fault)
        {
            return fault;
        }

        if (queryId is not { } id)
        {
            return new ResultSelection(own, null);
        }

        return await db.Queries.AsNoTracking().SingleOrDefaultAsync(q => q.Id == id, cancellationToken) is { } query
            ? new ResultSelection(own, query.Filter)
            : QueryFaults.NotFound;
    }

    public IQueryable<StudyResult> In(HemoDbContext db)
    {
        var own = Own.Narrow(Complete(db));
        return Saved is null ? own : Saved.Narrow(own);
    }

    public static IQueryable<StudyResult> Complete(HemoDbContext db) => db.Results.Where(r => r.Status == ResultStatus.Complete);
}
