using HemoApi.Analytics;
using HemoApi.Imaging;
using HemoApi.Imaging.Evaluation;
using HemoApi.References;
using HemoApi.Storage;
using HemoApi.Studies;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Evaluations;

/// <param name="Cases">Each study once: those of the list, then those of the saved queries, then those of the query.</param>
/// <param name="SavedQueries">Null where the request names none.</param>
public sealed record ResolvedCohort(IReadOnlyList<CohortCase> Cases, IReadOnlyList<ResolvedQuery>? SavedQueries);

/// <summary>The cases of a request, as its caller may see them.</summary>
public static class EvaluationCohort
{
    /// <returns>The cohort; or not_found, gone, job.not_ready for a study of the list, not_found for a saved query, evaluation.empty where no study of
    /// all or of a saved query has the reference, request.invalid where there are too many or one has two sites.</returns>
    public static async Task<Outcome<ResolvedCohort>> Of(
        EvaluationRequest request, HemoDbContext db, int maximumStudies, CancellationToken cancellationToken)
    {
        List<CohortCase> cases = [.. (request.Studies ?? []).DistinctBy(c => c.StudyId)];
        var listed = cases.Select(c => c.StudyId).ToList();
        if (await CheckListed(listed, db, cancellationToken) is { } fault)
        {
            return fault;
        }

        var withReference = WithReference(db, request.Reference!);
        List<ResolvedQuery> saved = [];
        foreach (var choice in request.SavedQueries ?? [])
        {
            if (!(await SavedQueryCohort.Of(choice, db, withReference, maximumStudies + 1, cancellationToken)).TryGet(out var found, out var refusal))
            {
                return refusal;
            }

            var sites = cases.Skip(listed.Count).ToDictionary(c => c.StudyId, c => c.Site);
            if (found.Studies.Count(id => sites.TryGetValue(id, out var site) && site != choice.Site) is > 0 and var twice)
            {
                return EvaluationFaults.TwoSites(twice);
            }

            saved.Add(found.Query);
            cases.AddRange(found.Studies.Except(cases.Select(c => c.StudyId)).Select(id => new CohortCase(id, choice.Site)).ToList());
            if (cases.Count > maximumStudies)
            {
                return TooMany(maximumStudies);
            }
        }

        if (request.Query is { } query)
        {
            var named = cases.Select(c => c.StudyId).ToList();
            var found = await Select(query, db).Where(s => withReference.Contains(s.Id) && !named.Contains(s.Id))
                .OrderBy(s => s.CreatedAt).ThenBy(s => s.Id)
                .Select(s => s.Id)
                .Take(maximumStudies + 1)
                .ToListAsync(cancellationToken);
            cases.AddRange(found.Select(id => new CohortCase(id, query.Site)));
        }

        if (cases.Count > maximumStudies)
        {
            return TooMany(maximumStudies);
        }

        var ids = cases.Select(c => c.StudyId).ToList();
        return await withReference.AnyAsync(id => ids.Contains(id), cancellationToken)
            ? new ResolvedCohort(cases, saved.Count == 0 ? null : saved)
            : EvaluationFaults.Empty(cases.Count);
    }

    private static Fault TooMany(int maximumStudies) => EvaluationFaults.Invalid($"The cohort has more than {maximumStudies} studies.", "Split it, e.g. by from and to.");

    private static async Task<Fault?> CheckListed(List<Guid> ids, HemoDbContext db, CancellationToken cancellationToken)
    {
        var known = await db.Studies.AsNoTracking().Where(s => ids.Contains(s.Id) && s.Status != StudyStatus.Pending)
            .Select(s => new { s.Id, IsDeleted = s.DeletedAt != null, HasResult = db.Results.Any(r => r.StudyId == s.Id && r.Status == ResultStatus.Complete) })
            .ToDictionaryAsync(s => s.Id, cancellationToken);
        foreach (var id in ids)
        {
            Fault? fault = known.GetValueOrDefault(id) switch
            {
                null => StudyFaults.NotFound,
                { IsDeleted: true } => StudyFaults.Gone,
                { HasResult: false } => new(FaultCodes.JobNotReady, "The study has no results yet.", "Wait for its job, or leave the study out."),
                _ => null,
            };
            if (fault is not null)
            {
                return fault with { Detail = $"Study {id}: {fault.Detail}" };
            }
        }

        return null;
    }

    private static IQueryable<Guid> WithReference(HemoDbContext db, string reference)
    {
        var complete = db.References.Where(r => r.Status == ResultStatus.Complete);
        return reference is ReferenceOptions.Majority or ReferenceOptions.Staple
            ? complete.GroupBy(r => r.StudyId).Where(g => g.Count() >= 2 && g.Count() <= Consensus.MostReaders).Select(g => g.Key)
            : complete.Where(r => r.Reader == reference).Select(r => r.StudyId);
    }

    private static IQueryable<Study> Select(CohortQuery query, HemoDbContext db)
    {
        var results = query.Filter.Narrow(ResultSelection.Complete(db));
        return db.Studies.Where(s => s.Status == StudyStatus.Stored && results.Any(r => r.StudyId == s.Id));
    }
}
