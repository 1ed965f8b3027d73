using HemoApi.Imaging.Dicom;
using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Postprocessing;
using HemoApi.Imaging.Quantification;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging;

/// <summary>The product: DICOM files in, hemorrhages with their volumes out.</summary>
public static class SegmentationPipeline
{
    /// <param name="fileNames">The study's DICOM files; those of other series are ignored, unreadable ones lead to a warning.</param>
    /// <param name="open">Opens a file by name; called several times for a file. The stream is closed here.</param>
    /// <param name="seriesInstanceUid">The series to measure; null for the best one.</param>
    /// <param name="rejectedFiles">DICOM files of the study that are known to be unreadable and not among the names; they lead to the
    /// same warning.</param>
    /// <param name="progress">Called often, from this thread.</param>
    /// <returns>The result, or the code of the first step that refused: <c>dicom.*</c>, <c>series.*</c>, <c>study.mixed</c>,
    /// <c>geometry.*</c>, <c>inference.*</c>.</returns>
    /// <exception cref="OperationCanceledException">Cancelled between two files, slices or batches.</exception>
    public static Outcome<SegmentationResult> Run(
        LoadedModel model,
        IReadOnlyList<string> fileNames,
        Func<string, Stream> open,
        string? seriesInstanceUid,
        int rejectedFiles,
        Action<PipelineProgress>? progress,
        CancellationToken cancellation)
    {
        var clock = new PipelineClock(progress);
        if (!clock.Time(Stages.Read, report => SeriesFiles.Plan(fileNames, open, seriesInstanceUid, rejectedFiles, report, cancellation)).TryGet(out var series, out var fault)
            || !clock.Time(Stages.Decode, report => CtVolumeReader.Read(series, open, report, cancellation)).TryGet(out var image, out fault)
            || !clock.Time(Stages.Network, report => Segmenter.Run(model, image, report, cancellation)).TryGet(out var segmentation, out fault))
        {
            return fault;
        }

        var (mask, leftOut) = clock.Time(Stages.Postprocess, _ => MaskCleaning.Clean(image, segmentation.Mask, segmentation.Probabilities, model.Manifest));
        var quantities = clock.Time(Stages.Quantify, _ => LesionQuantifier.Measure(image, mask, segmentation.Probabilities));
        clock.Split(segmentation);
        return new SegmentationResult(
            series,
            image,
            mask,
            quantities,
            model.Manifest,
            model.Engine,
            [.. series.Warnings, .. model.Warnings, .. Warnings(model, series, image, leftOut, quantities)],
            clock.StageSeconds);
    }

    private static IEnumerable<ResultWarning> Warnings(
        LoadedModel model, SeriesPlan series, CtVolume image, IReadOnlyList<ConnectedLesion> leftOut, Quantities quantities)
    {
        foreach (var warning in TrainingRangeCheck.Warnings(model.Manifest, image, series.GantryTiltDegrees))
        {
            yield return warning;
        }

        if (LeftOutFindings.Warning(leftOut, image.Geometry) is { } doubts)
        {
            yield return doubts;
        }

        foreach (var lesion in quantities.Lesions.Where(lesion => lesion.TouchesBorder))
        {
            yield return new ResultWarning(
                WarningCodes.LesionTouchesBorder,
                $"Lesion {lesion.Id} reaches the edge of the scan; part of it may lie outside, and its volume may be too small.");
        }
    }
}
