using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Quantification;

namespace HemoApi.Results;

/// <summary>One connected lesion. Results of versions before a measure do not have it.</summary>
/// <param name="Id">1 is the largest.</param>
/// <param name="CentroidLpsMm">x, y, z.</param>
/// <param name="BoundingBox">Inclusive indices: columns and rows as in the DICOM images, slices along the normal.</param>
/// <param name="Abc2">The bedside estimate of an intracerebral lesion, beside the planimetric volume; null for EDH and SDH, for which it is not applicable.</param>
/// <param name="TouchesBorder">Part of the lesion may lie outside of the scan.</param>
/// <param name="HuPercentiles">Of the lesion's voxels, weighted by volume.</param>
/// <param name="SurfaceAreaMm2">Of the smoothed outline, in mm²; right to a few percent.</param>
/// <param name="Sphericity">Surface of the sphere of the same volume over the lesion's surface (Wadell 1935): 1 for a sphere, less for all else.</param>
/// <param name="LongestDiameterMm">In any direction, between slice planes.</param>
/// <param name="MaximalThickness">EDH and SDH only.</param>
/// <param name="Side">Absent where the scan shows too little skull to find the head's symmetry plane.</param>
/// <param name="Uncertainty">Of the volume.</param>
/// <param name="MaximumProbability">The highest probability of its type in any of its voxels, 0 to 1.</param>
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
    bool TouchesBorder,
    HuPercentiles? HuPercentiles,
    double? SurfaceAreaMm2,
    double? Sphericity,
    double? LongestDiameterMm,
    ThicknessDocument? MaximalThickness,
    LesionSide? Side,
    VolumeUncertainty? Uncertainty,
    double? MaximumProbability)
{
    public static LesionDocument Of(Lesion lesion) => new(
        lesion.Id,
        lesion.Type.Code(),
        lesion.VolumeMl,
        lesion.VolumeByThicknessMl,
        lesion.CentroidLpsMm.ToArray(),
        lesion.BoundingBox,
        lesion.Hu.Mean,
        lesion.Hu.Sd,
        lesion.Abc2 is { } abc ? new Abc2Document(abc.AMm, abc.BMm, abc.CMm, abc.VolumeMl) : null,
        lesion.TouchesBorder,
        lesion.Hu.Percentiles,
        lesion.SurfaceAreaMm2,
        lesion.Sphericity,
        lesion.LongestDiameterMm,
        lesion.Type == HemorrhageType.Ich ? null : new ThicknessDocument(lesion.MaximalThicknessMm, Experimental: true),
        lesion.Side,
        lesion.Uncertainty,
        lesion.MaximumProbability);
}

/// <summary>Largest distance from the inner table of the skull along its normal to the inner edge of the collection.</summary>
/// <param name="ValueMm">Absent where the collection does not lie against bone.</param>
/// <param name="Experimental">Not validated on patients.</param>
public sealed record ThicknessDocument(double? ValueMm, bool Experimental);

/// <summary>A·B·C / 2 (Kothari et al. 1996), measured on the mask.</summary>
/// <param name="AMm">Longest diameter on the slice of the largest area.</param>
/// <param name="BMm">Longest one perpendicular to it on the same slice.</param>
/// <param name="CMm">Sum of slice extents: whole for over 75 % of the largest area, half for 25 to 75 %.</param>
/// <param name="VolumeMl">A·B·C / 2.</param>
public sealed record Abc2Document(double AMm, double BMm, double CMm, double VolumeMl);
