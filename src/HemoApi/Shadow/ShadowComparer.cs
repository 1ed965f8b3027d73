using HemoApi.Evaluations;
using HemoApi.Imaging;
using HemoApi.Imaging.Evaluation;
using HemoApi.Imaging.Masks;
using HemoApi.Models;
using HemoApi.References;
using HemoApi.Results;
using HemoApi.Storage;
using HemoApi.Studies;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Shadow;

/// <param name="Model">The shadow model.</param>
/// <param name="Volumes">One for each type, in label order.</param>
/// <param name="DifferentMl">Volume of the voxels that the two masks label differently.</param>
public sealed record ShadowComparison(ModelReference Model, IReadOnlyList<ShadowVolume> Volumes, double DifferentMl);

/// <summary>From the row of a shadow run to its figures. Writes nothing.</summary>
public sealed class ShadowComparer(HemoDatabase database, IBlobStore blobs, StoredMasks stored, ModelHost models, ModelMasks masks)
{
    /// <param name="progress">Called often.</param>
    public async Task<Outcome<ShadowComparison>> Run(Guid id, Action<PipelineProgress> progress, CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsSystem();
        if (await db.ShadowRuns.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, cancellationToken) is not { } run
            || await db.Results.AsNoTracking().SingleOrDefaultAsync(r => r.JobId == run.JobId && r.Status == ResultStatus.Complete, cancellationToken) is not { } result)
        {
            return StudyFaults.Gone;
        }

        if (models.Registry.Find(run.ModelId) is not { } model)
        {
            return ModelFaults.Unknown;
        }

        var study = await db.Studies.AsNoTracking().SingleAsync(s => s.Id == run.StudyId, cancellationToken);
        var grid = await StudyGrid.Read(blobs, run.JobId, cancellationToken);
        var first = await stored.Load(BlobKeys.Mask(run.JobId), grid.Geometry, cancellationToken);
        if (!(await masks.Of(model, study, result, grid, progress, cancellationToken)).TryGet(out var second, out var fault))
        {
            return fault;
        }

        return new ShadowComparison(
            new ModelReference(model.Manifest.Id, model.Manifest.Version, model.Manifest.Sha256),
            [.. MaskAgreement.Compare(second.Mask, first).Select(a => new ShadowVolume(a.Type.Code(), a.ReferenceVolumeMl, a.VolumeMl, a.Dice))],
            MaskAgreement.DifferentMl(second.Mask, first));
    }
}
