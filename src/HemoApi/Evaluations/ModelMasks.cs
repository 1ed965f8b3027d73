using System.IO.Compression;
using HemoApi.Imaging;
using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;
using HemoApi.References;
using HemoApi.Storage;
using HemoApi.Studies;

namespace HemoApi.Evaluations;

/// <summary>A model's mask of a study: the stored one where that model has made it; else it is made anew, and not kept.</summary>
public sealed class ModelMasks(IBlobStore blobs, ReferenceStore store)
{
    private const double SamePlaceMm = 1e-3;

    /// <param name="progress">Called often where the mask is made anew.</param>
    /// <returns>On the grid of the study's results, or the fault of the first step that refused.</returns>
    public async Task<Outcome<LabelVolume>> Of(LoadedModel model, Study study, StudyResult result, StudyGrid grid, Action<PipelineProgress>? progress, CancellationToken cancellationToken)
    {
        if (grid.Model.Sha256 == model.Manifest.Sha256 && grid.Model.Version == model.Manifest.Version)
        {
            return await store.Load(BlobKeys.Mask(result.JobId), grid.Geometry, cancellationToken);
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
            ? new LabelVolume(grid.Geometry, segmentation.Mask.Labels)
            : throw new InvalidOperationException($"study {study.Id} was measured on another grid before");
    }

    private static bool IsSame(VolumeGeometry a, VolumeGeometry b) =>
        (a.Columns, a.Rows, a.SliceCount) == (b.Columns, b.Rows, b.SliceCount)
        && a.Slices.Zip(b.Slices).All(s => (s.First.OriginLpsMm - s.Second.OriginLpsMm).Length <= SamePlaceMm);
}
