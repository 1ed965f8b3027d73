using HemoApi.Analytics;
using HemoApi.Imaging;
using HemoApi.Queries;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Evaluations;

/// <summary>The studies of a saved query that an evaluation can use: those that have the reference. How many do not is kept and becomes a warning of
/// the result; where none has it, the evaluation is refused.</summary>
internal static class SavedQueryCohort
{
    /// <param name="withReference">Ids of the studies that have the reference.</param>
    /// <param name="most">Ids that are read at most.</param>
    /// <returns>Or not_found, evaluation.empty.</returns>
    public static async Task<Outcome<(ResolvedQuery Query, IReadOnlyList<Guid> Studies)>> Of(
        SavedQueryChoice choice, HemoDbContext db, IQueryable<Guid> withReference, int most, CancellationToken cancellationToken)
    {
        if (await db.Queries.AsNoTracking().SingleOrDefaultAsync(q => q.Id == choice.QueryId, cancellationToken) is not { } query)
        {
            return QueryFaults.NotFound with { Detail = $"Saved query {choice.QueryId}: {QueryFaults.NotFound.Detail}" };
        }

        var ids = query.Filter.Narrow(ResultSelection.Complete(db)).Select(r => r.StudyId);
        var matched = db.Studies.Where(s => s.Status == StudyStatus.Stored && ids.Contains(s.Id));
        var usable = matched.Where(s => withReference.Contains(s.Id));
        var (all, with) = (await matched.CountAsync(cancellationToken), await usable.CountAsync(cancellationToken));
        if (with == 0)
        {
            return EvaluationFaults.EmptyQuery(query.Id, all);
        }

        var studies = await usable.OrderBy(s => s.CreatedAt).ThenBy(s => s.Id).Select(s => s.Id).Take(most).ToListAsync(cancellationToken);
        return (new ResolvedQuery(query.Id, query.Name, query.Filter, choice.Site, all, all - with), studies);
    }
}
