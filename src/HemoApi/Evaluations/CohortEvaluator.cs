using HemoApi.Imaging;
using HemoApi.Imaging.Evaluation;
using HemoApi.Imaging.Evaluation.Cohorts;
using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Jobs;
using HemoApi.Models;
using HemoApi.References;
using HemoApi.Results;
using HemoApi.Storage;
using HemoApi.Studies;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Evaluations;

/// <summary>From an evaluation's row to its files. One case at a time is in memory; what stays of each is its figures.</summary>
public sealed class CohortEvaluator(
    HemoDatabase database, IBlobStore blobs, ReferenceStore store, ModelHost models, ModelMasks masks, EvaluationTransitions transitions, EvaluationFiles files)
{
    private const double ShareOfCases = 0.95;

    /// <returns>Why there are no files; null where they are written.</returns>
    public async Task<Fault?> Run(Claim claim, JobRun run, CancellationToken cancellationToken)
    {
        var evaluation = await Load(claim.Id, cancellationToken);
        var model = models.Registry.Find(evaluation.ModelId);
        var other = evaluation.OtherModelId is { } otherId ? models.Registry.Find(otherId) : null;
        if (model is null || (evaluation.OtherModelId is not null && other is null))
        {
            return ModelFaults.Unknown;
        }

        var (cases, leftOut) = (new List<EvaluatedCase>(), new List<LeftOutCase>());
        for (var i = 0; i < evaluation.Cases.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var member = evaluation.Cases[i];
            if ((await Evaluate(evaluation, member, model, other, cancellationToken)).TryGet(out var evaluated, out var fault))
            {
                cases.Add(evaluated);
            }
            else
            {
                leftOut.Add(LeftOutCase.Of(member.StudyId, fault));
            }

            if (!await transitions.Progress(claim, ShareOfCases * (i + 1) / evaluation.Cases.Count))
            {
                run.Cancel();
            }
        }

        if (cases.Count == 0)
        {
            return EvaluationFaults.Empty(evaluation.Cases.Count);
        }

        await files.Write(EvaluationResults.Of(evaluation, model.Manifest, other?.Manifest, cases, leftOut), cases, cancellationToken);
        return null;
    }

    private async Task<Outcome<EvaluatedCase>> Evaluate(
        Evaluation evaluation, CohortCase member, LoadedModel model, LoadedModel? other, CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsSystem();
        var study = await db.Studies.AsNoTracking().SingleOrDefaultAsync(s => s.Id == member.StudyId && s.TenantId == evaluation.TenantId, cancellationToken);
        if (study is not { Status: StudyStatus.Stored })
        {
            return StudyFaults.Gone;
        }

        var result = await db.Results.AsNoTracking().Where(r => r.StudyId == study.Id && r.Status == ResultStatus.Complete)
            .OrderByDescending(r => r.CompletedAt).FirstOrDefaultAsync(cancellationToken);
        if (result is null)
        {
            return new Fault(FaultCodes.JobNotReady, "The study has no results.", "Run its job again.");
        }

        var grid = await StudyGrid.Read(blobs, result.JobId, cancellationToken);
        var rows = await db.References.AsNoTracking().Where(r => r.StudyId == study.Id && r.Status == ResultStatus.Complete)
            .OrderBy(r => r.Reader).ToListAsync(cancellationToken);
        if (!(await Truth(evaluation.Reference, rows, grid, cancellationToken)).TryGet(out var truth, out var fault)
            || !(await masks.Of(model, study, result, grid, null, cancellationToken)).TryGet(out var mask, out fault))
        {
            return fault;
        }

        var comparison = CaseComparison.Of(mask.Mask, truth.Reference, truth.Readers, mask.MaximumProbabilities);
        if (other is null)
        {
            return new EvaluatedCase(study.Id, member.Site, comparison, null);
        }

        return (await masks.Of(other, study, result, grid, null, cancellationToken)).TryGet(out var otherMask, out fault)
            ? new EvaluatedCase(study.Id, member.Site, comparison, CaseComparison.Of(otherMask.Mask, truth.Reference, [], otherMask.MaximumProbabilities))
            : fault;
    }

    /// <summary>The reference, and the readers to hold against it: all of a consensus, or those beside the one who is the reference.</summary>
    private async Task<Outcome<(LabelVolume Reference, IReadOnlyList<(string Reader, LabelVolume Mask)> Readers)>> Truth(
        string reference, List<ReferenceMask> rows, StudyGrid grid, CancellationToken cancellationToken)
    {
        if (reference is ReferenceOptions.Majority or ReferenceOptions.Staple)
        {
            if (rows.Count is < 2 or > Consensus.MostReaders)
            {
                return ReferenceFaults.NoConsensus(rows.Count);
            }

            var readers = await Masks(rows, grid, cancellationToken);
            return (ReferenceStore.Consensus(reference, [.. readers.Select(r => r.Mask)]), readers);
        }

        if (rows.Find(r => r.Reader == reference) is not { } own)
        {
            return new Fault(FaultCodes.EvaluationEmpty, "The study has no reference of that reader.", "Upload it and evaluate again.");
        }

        var others = await Masks(rows.Where(r => r != own).Take(Consensus.MostReaders), grid, cancellationToken);
        return (await store.Load(own, grid.Geometry, cancellationToken), others);
    }

    private async Task<List<(string Reader, LabelVolume Mask)>> Masks(IEnumerable<ReferenceMask> rows, StudyGrid grid, CancellationToken cancellationToken)
    {
        List<(string, LabelVolume)> masks = [];
        foreach (var row in rows)
        {
            masks.Add((row.Reader, await store.Load(row, grid.Geometry, cancellationToken)));
        }

        return masks;
    }

    private async Task<Evaluation> Load(Guid id, CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsSystem();
        return await db.Evaluations.AsNoTracking().SingleAsync(e => e.Id == id, cancellationToken);
    }
}
