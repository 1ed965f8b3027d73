using System.IO.Compression;
using HemoApi.Imaging;
using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;
using HemoApi.References;
using HemoApi.Results;
using HemoApi.Storage;
using HemoApi.Studies;

namespace HemoApi.Evaluations;

/// <param name="MaximumProbabilities">Of the mask's lesions, the largest first; null for those of results that were stored before it was kept.</param>
public sealed record ModelMask(LabelVolume Mask, IReadOnlyList<double?> MaximumProbabilities);

/// <summary>A model's mask of a study: the stored one where that model has made it; else it is made anew, and not kept.</summary>
public sealed class ModelMasks(IBlobStore blobs, StoredMasks stored)
{
    private const double SamePlaceMm = 1e-3;

    /// <param name="progress">Called often where the mask is made anew.</param>
    /// <returns>On the grid of the study's results, or the fault of the first step that refused.</returns>
    public async Task<Outcome<ModelMask>> Of(LoadedModel model, Study study, StudyResult result, StudyGrid grid, Action<PipelineProgress>? progress, CancellationToken cancellationToken)
    {
        if (grid.Model.Sha256 == model.Manifest.Sha256 && grid.Model.Version == model.Manifest.Version)
        {
            return Stored(await stored.Load(BlobKeys.Mask(result.JobId), grid.Geometry, cancellationToken), grid);
        }

        await using var upload = await blobs.OpenExisting(BlobKeys.Upload(study.Id), cancellationToken);
        using var zip = new ZipArchive(upload, ZipArchiveMode.Read);
        Stream Open(string name) => zip.GetEntry(name)?.Open() ?? throw new InvalidOperationException($"an entry of study {study.Id} is missing");
        var segmented = SegmentationPipeline.Run(
            model, study.UsedEntries, Open, grid.SeriesInstanceUid, study.Files.Count(f => f.Verdict == Verdict.Rejected), progress, cancellationToken);
        if (!segmented.TryGet(out var segmentation, out var fault))
        {
            return fault;
        }

        return IsSame(segmentation.Mask.Geometry, grid.Geometry)
            ? new ModelMask(new LabelVolume(grid.Geometry, segmentation.Mask.Labels), [.. segmentation.Quantities.Lesions.Select(l => l.MaximumProbability)])
            : throw new InvalidOperationException($"study {study.Id} was measured on another grid before");
    }

    private static ModelMask Stored(LabelVolume mask, StudyGrid grid) =>
        ConnectedLesions.LargestFirst(mask).Select(l => l.Type.Code()).SequenceEqual(grid.Lesions.Select(l => l.Type))
            ? new ModelMask(mask, [.. grid.Lesions.Select(l => l.MaximumProbability)])
            : throw new InvalidOperationException("the lesions of a stored mask are not those of its results");

    private static bool IsSame(VolumeGeometry a, VolumeGeometry b) =>
        (a.Columns, a.Rows, a.SliceCount) == (b.Columns, b.Rows, b.SliceCount)
        && a.Slices.Zip(b.Slices).All(s => (s.First.OriginLpsMm - s.Second.OriginLpsMm).Length <= SamePlaceMm);
}
