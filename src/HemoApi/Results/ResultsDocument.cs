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
        [.. result.Quantities.Volumes.Select(v => VolumeDocument.Of(v))],
        result.Quantities.TotalVolumeMl,
        result.Quantities.TotalVolumeByThicknessMl,
        [.. result.Quantities.Lesions.Select(LesionDocument.Of)],
        result.Quantities.Volumes.Single(v => v.Type == HemorrhageType.Ich).Abc2VolumeMl,
        result.Warnings,
        new TimingsDocument(result.StageSeconds, result.StageSeconds.Values.Sum()),
        result.Model.Card.IntendedUse);
}

/// <param name="Sha256">Of the ONNX file that ran.</param>
public sealed record ModelReference(string Id, string Version, string Sha256);

/// <param name="Type">ICH (intracerebral), EDH (extradural) or SDH (subdural).</param>
/// <param name="VolumeMl">Segmented area × the slice's true extent along the normal, summed over slices.</param>
/// <param name="VolumeByThicknessMl">Segmented area × SliceThickness, summed over slices; differs where slices overlap or leave gaps.</param>
/// <param name="Abc2">The bedside estimate beside the planimetric volume; absent in results of versions before it.</param>
public sealed record VolumeDocument(string Type, double VolumeMl, double VolumeByThicknessMl, int LesionCount, Abc2TypeDocument? Abc2)
{
    public static VolumeDocument Of(TypeVolume volume) => new(
        volume.Type.Code(), volume.VolumeMl, volume.VolumeByThicknessMl, volume.LesionCount, Abc2TypeDocument.Of(volume));
}

/// <summary>ABC/2 of all lesions of a type together (the sum), side by side with their planimetric volume.</summary>
/// <param name="Applicable">False for EDH and SDH: the estimate is never given for them.</param>
/// <param name="Reason">Why it is not applicable; absent where it is.</param>
/// <param name="VolumeMl">Absent where it is not applicable or nothing was found.</param>
/// <param name="DifferenceMl">ABC/2 minus the planimetric <c>volumeMl</c>.</param>
public sealed record Abc2TypeDocument(bool Applicable, string? Reason, double? VolumeMl, double? DifferenceMl)
{
    private const string IrregularShape =
        "ABC/2 takes the lesion for an ellipsoid; extradural and subdural collections are lenses and crescents (Xu et al. 2021).";

    public static Abc2TypeDocument Of(TypeVolume volume) => Abc2Estimate.AppliesTo(volume.Type)
        ? new(Applicable: true, null, volume.Abc2VolumeMl, volume.Abc2VolumeMl - volume.VolumeMl)
        : new(Applicable: false, IrregularShape, null, null);
}

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
