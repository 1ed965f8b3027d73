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
/// <param name="Flags">Published thresholds held against the measurements, for the types that were found; absent in results of versions before them.</param>
/// <param name="SymmetryPlane">Of the head; absent where nothing was found or the skull shows none.</param>
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
    IReadOnlyList<FlagDocument>? Flags,
    SymmetryPlaneDocument? SymmetryPlane,
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
        [.. GuidelineCriteria.Of(result.Quantities).Select(FlagDocument.Of)],
        result.Quantities.SymmetryPlane is { } plane ? SymmetryPlaneDocument.Of(plane) : null,
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
/// <param name="Uncertainty">Sums over the lesions: all of them taken too small or too large together; absent where nothing was found.</param>
public sealed record VolumeDocument(string Type, double VolumeMl, double VolumeByThicknessMl, int LesionCount, Abc2TypeDocument? Abc2, VolumeUncertainty? Uncertainty)
{
    public static VolumeDocument Of(TypeVolume volume) => new(
        volume.Type.Code(), volume.VolumeMl, volume.VolumeByThicknessMl, volume.LesionCount, Abc2TypeDocument.Of(volume), volume.Uncertainty);
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

/// <summary>The plane between the left and the right half of the head, from its own skull.</summary>
/// <param name="PointLpsMm">A point of the plane.</param>
/// <param name="NormalLps">Unit normal, towards the patient's left.</param>
/// <param name="Agreement">How much of the skull finds its mirror image, 0 to 1.</param>
/// <param name="SdMm">Standard deviation of the plane's place, from parts of the skull taken by themselves.</param>
public sealed record SymmetryPlaneDocument(double[] PointLpsMm, double[] NormalLps, double Agreement, double SdMm)
{
    public static SymmetryPlaneDocument Of(SymmetryPlane plane) => new(plane.PointLpsMm.ToArray(), plane.NormalLps.ToArray(), plane.Agreement, plane.SdMm);
}

/// <summary>A published threshold held against a measurement: a computed fact, no advice.</summary>
/// <param name="Code">Stable: `ich.volume`, `edh.volume`, `edh.thickness`, `sdh.thickness`.</param>
/// <param name="LesionId">The lesion that was measured; absent where all lesions of the type count together or none could be measured.</param>
/// <param name="Quantity">`volumeMl` or `maximalThicknessMm`.</param>
/// <param name="Value">Absent where it could not be measured.</param>
/// <param name="Comparison">`atLeast` or `over`.</param>
/// <param name="Met">Absent where it could not be measured.</param>
/// <param name="Experimental">The measurement is not validated.</param>
/// <param name="Reference">Where the threshold was published.</param>
public sealed record FlagDocument(
    string Code,
    string Type,
    int? LesionId,
    string Quantity,
    double? Value,
    string Comparison,
    double Threshold,
    bool? Met,
    bool Experimental,
    string Reference)
{
    public static FlagDocument Of(GuidelineCriterion fact) => new(
        fact.Code, fact.Type.Code(), fact.LesionId, fact.Quantity, fact.Value, fact.Comparison, fact.Threshold, fact.Met, fact.Experimental, fact.Reference);
}

/// <param name="StageSeconds">Seconds spent in each stage up to the writing of this document.</param>
/// <param name="TotalSeconds">Their sum.</param>
public sealed record TimingsDocument(IReadOnlyDictionary<string, double> StageSeconds, double TotalSeconds);
