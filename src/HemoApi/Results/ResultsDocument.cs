using HemoApi.Imaging;
using HemoApi.Imaging.Dicom;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Quantification;
using HemoApi.Imaging.Volumes;
using HemoApi.Storage;

namespace HemoApi.Results;

/// <summary>What was found in a study. Volumes in ml, lengths in mm, points in the DICOM patient frame (LPS: +x to the
/// patient's left, +y to posterior, +z to superior).</summary>
/// <param name="Series">The CT series that was measured, and its geometry.</param>
/// <param name="HemorrhageDetected">Whether any lesion of at least the model's minimum size was found.</param>
/// <param name="Volumes">One entry for each type, zero where nothing was found.</param>
/// <param name="TotalVolumeMl">Sum over the types of <c>volumeMl</c>.</param>
/// <param name="TotalVolumeByThicknessMl">Sum over the types of <c>volumeByThicknessMl</c>.</param>
/// <param name="Lesions">Connected lesions, the largest first.</param>
/// <param name="Abc2VolumeMl">Sum of the lesions' ABC/2 estimates, intracerebral only; null where there is no intracerebral lesion.</param>
/// <param name="Warnings">What the reader must know about this acquisition or run.</param>
/// <param name="IntendedUse">What the model is for.</param>
public sealed record ResultsDocument(
    Guid StudyId,
    Guid JobId,
    ModelReference Model,
    EngineInfo Engine,
    SeriesDocument Series,
    bool HemorrhageDetected,
    IReadOnlyList<VolumeDocument> Volumes,
    double TotalVolumeMl,
    double TotalVolumeByThicknessMl,
    IReadOnlyList<LesionDocument> Lesions,
    double? Abc2VolumeMl,
    IReadOnlyList<ResultWarning> Warnings,
    TimingsDocument Timings,
    string IntendedUse)
{
    public static ResultsDocument Of(Job job, SegmentationResult result) => new(
        job.StudyId,
        job.Id,
        new ModelReference(result.Model.Id, result.Model.Version, result.Model.Sha256),
        result.Engine,
        SeriesDocument.Of(result.Series),
        result.Quantities.Lesions.Count > 0,
        [.. result.Quantities.Volumes.Select(v => new VolumeDocument(v.Type.Code(), v.VolumeMl, v.VolumeByThicknessMl, v.LesionCount))],
        result.Quantities.TotalVolumeMl,
        result.Quantities.TotalVolumeByThicknessMl,
        [.. result.Quantities.Lesions.Select(LesionDocument.Of)],
        result.Quantities.Lesions.Any(l => l.Abc2 is not null) ? result.Quantities.Lesions.Sum(l => l.Abc2?.VolumeMl ?? 0) : null,
        result.Warnings,
        new TimingsDocument(result.StageSeconds, result.StageSeconds.Values.Sum()),
        result.Model.Card.IntendedUse);
}

/// <param name="Sha256">Of the ONNX file that ran.</param>
public sealed record ModelReference(string Id, string Version, string Sha256);

/// <param name="Type">ICH (intracerebral), EDH (extradural) or SDH (subdural).</param>
/// <param name="VolumeMl">Segmented area × the slice's true extent along the normal, summed over slices.</param>
/// <param name="VolumeByThicknessMl">Segmented area × SliceThickness, summed over slices; differs where slices overlap or leave gaps.</param>
public sealed record VolumeDocument(string Type, double VolumeMl, double VolumeByThicknessMl, int LesionCount);

/// <param name="Id">1 is the largest.</param>
/// <param name="CentroidLpsMm">x, y, z.</param>
/// <param name="BoundingBox">Inclusive indices: columns and rows as in the DICOM images, slices along the normal.</param>
/// <param name="Abc2">The bedside estimate of an intracerebral lesion, beside the planimetric volume; null for EDH and SDH, for which it is not applicable.</param>
/// <param name="TouchesBorder">Part of the lesion may lie outside of the scan.</param>
public sealed record LesionDocument(
    int Id,
    string Type,
    double VolumeMl,
    double VolumeByThicknessMl,
    double[] CentroidLpsMm,
    VoxelBox BoundingBox,
    double MeanHu,
    double SdHu,
    Abc2Document? Abc2,
    bool TouchesBorder)
{
    public static LesionDocument Of(Lesion lesion) => new(
        lesion.Id,
        lesion.Type.Code(),
        lesion.VolumeMl,
        lesion.VolumeByThicknessMl,
        lesion.CentroidLpsMm.ToArray(),
        lesion.BoundingBox,
        lesion.MeanHu,
        lesion.SdHu,
        lesion.Abc2 is { } abc ? new Abc2Document(abc.AMm, abc.BMm, abc.CMm, abc.VolumeMl) : null,
        lesion.TouchesBorder);
}

/// <summary>A·B·C / 2 (Kothari et al. 1996), measured on the mask.</summary>
/// <param name="AMm">Longest diameter on the slice of the largest area.</param>
/// <param name="BMm">Longest one perpendicular to it on the same slice.</param>
/// <param name="CMm">Sum of slice extents: whole for over 75 % of the largest area, half for 25 to 75 %.</param>
/// <param name="VolumeMl">A·B·C / 2.</param>
public sealed record Abc2Document(double AMm, double BMm, double CMm, double VolumeMl);

/// <param name="StageSeconds">Seconds spent in each stage up to the writing of this document.</param>
/// <param name="TotalSeconds">Their sum.</param>
public sealed record TimingsDocument(IReadOnlyDictionary<string, double> StageSeconds, double TotalSeconds);
