using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Studies;

/// <summary>Studies by what was found in them, newest first. Asks the results, whose indexes hold volumes and time of receipt, and reads only the studies
/// of the page: the cost of a rare finding does not grow with the number of studies that have it.</summary>
internal static class StudiesByResult
{
    /// <param name="results">At least one of a study has to be among them.</param>
    /// <param name="studies">Those that may be on the page.</param>
    /// <param name="after">The last study before; null for the first page.</param>
    /// <param name="count">So many, or all that are left.</param>
    public static async Task<List<Study>> Page(
        IQueryable<StudyResult> results, IQueryable<Study> studies, StudyCursor? after, int count, CancellationToken cancellationToken)
    {
        List<Study> page = [];
        int asked, answered;
        do
        {
            asked = count - page.Count;
            var found = await Newest(results, after).Take(asked).ToListAsync(cancellationToken);
            Guid[] ids = [.. found.Select(f => f.Id).Distinct()];
            page.AddRange(await ListStudies.Newest(studies.Where(s => ids.Contains(s.Id))).ToListAsync(cancellationToken));
            answered = found.Count;
            after = found.LastOrDefault();
        }
        // A study has a result for each of its jobs, and may be on its way out: there may be fewer studies than results.
        while (page.Count < count && answered == asked);

        return page;
    }

    private static IQueryable<StudyCursor> Newest(IQueryable<StudyResult> results, StudyCursor? after)
    {
        // As in the list of studies.
        results = after is { } last
            ? results.Where(r => r.ReceivedAt <= last.CreatedAt && (r.ReceivedAt < last.CreatedAt || r.StudyId < last.Id))
            : results;
        return results.OrderByDescending(r => r.ReceivedAt).ThenByDescending(r => r.StudyId).Select(r => new StudyCursor(r.ReceivedAt, r.StudyId));
    }
}
