using System.Globalization;
using HemoApi.Imaging.Preprocessing;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Inference;

/// <summary>Holds an acquisition against what the model saw in training.</summary>
public static class TrainingRangeCheck
{
    /// <summary>Medians of heads whose skull, scalp and brain are all in the picture lie well inside: grey matter has 37 to 41 HU, white matter
    /// 20 to 30, CSF 0 to 15, and the scalp's fat pulls down.</summary>
    public static Interval UsualMedianSoftTissueHu { get; } = new(10, 50);

    /// <summary>Of voxels denser than air; a skull is 10 to 30 %.</summary>
    private const double LargestBoneShare = 0.5;

    /// <summary>A craniectomy leaves more than this, and an image whose skull was removed nearly nothing.</summary>
    private const double LeastSkullClosure = 0.5;

    /// <returns>A warning for each property of acquisition and image that is outside of the manifest's range: slice thickness, pixel spacing,
    /// gantry tilt, slices that are not axial, densities that are not those of a head in HU, and a skull that is not there.</returns>
    public static IEnumerable<ResultWarning> Warnings(ModelManifest manifest, CtVolume image, double gantryTiltDegrees) =>
        [.. OfGeometry(manifest, image.Geometry, gantryTiltDegrees), .. OfDensity(manifest, HeadDensity.Of(image))];

    internal static IEnumerable<ResultWarning> OfDensity(ModelManifest manifest, HeadDensity density)
    {
        var usual = manifest.TrainingRange.MedianSoftTissueHu ?? UsualMedianSoftTissueHu;
        if (density.MedianSoftTissueHu is { } median && !usual.Contains(median))
        {
            yield return Warning(string.Create(
                CultureInfo.InvariantCulture,
                $"The median density of soft tissue is {median:0} HU, outside of the {usual.Minimum:0} to {usual.Maximum:0} HU of heads: the values may not be Hounsfield units."));
        }

        if (density.BoneShare > LargestBoneShare)
        {
            yield return Warning(string.Create(
                CultureInfo.InvariantCulture, $"{density.BoneShare:P0} of what is not air is as dense as bone: the values may not be Hounsfield units."));
        }

        if (density.SkullClosure < LeastSkullClosure)
        {
            yield return Warning(string.Create(
                CultureInfo.InvariantCulture,
                $"Bone surrounds the head in {density.SkullClosure:P0} of directions only: model {manifest.Id} was trained on heads with their skull."));
        }
    }

    private static IEnumerable<ResultWarning> OfGeometry(ModelManifest manifest, VolumeGeometry geometry, double gantryTiltDegrees)
    {
        var range = manifest.TrainingRange;
        double[] thicknesses = [.. geometry.Slices.Select(slice => slice.ThicknessMm)];
        (string Property, string Unit, Interval Trained, double[] Values)[] properties =
        [
            ("slice thickness", "mm", range.SliceThicknessMm, [thicknesses.Min(), thicknesses.Max()]),
            ("pixel spacing", "mm", range.PixelSpacingMm, [geometry.RowSpacingMm, geometry.ColumnSpacingMm]),
            ("gantry tilt", "degrees", range.GantryTiltDegrees, [gantryTiltDegrees]),
        ];
        foreach (var (property, unit, trained, values) in properties)
        {
            if (values.Where(value => !trained.Contains(value)).Take(1).ToArray() is [var outside])
            {
                yield return Warning(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The {property} of {outside:0.##} {unit} is outside of the {trained.Minimum:0.##} to {trained.Maximum:0.##} {unit} that model {manifest.Id} was trained on."));
            }
        }

        if (range.SyntheticHemorrhagesOnly)
        {
            yield return Warning($"Model {manifest.Id} was trained on synthetic hemorrhages only: on patients its masks and volumes have not been measured.");
        }

        if (!CanonicalPlane.Of(geometry).IsAxial)
        {
            yield return Warning($"The slices are not axial; model {manifest.Id} was trained on axial slices.");
        }
    }

    private static ResultWarning Warning(string detail) => new(WarningCodes.OutsideTrainingRange, detail);
}
