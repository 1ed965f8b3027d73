using System.Globalization;
using HemoApi.Imaging.Preprocessing;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Inference;

/// <summary>Holds an acquisition against what the model saw in training.</summary>
public static class TrainingRangeCheck
{
    /// <returns>A warning for each property outside of the manifest's range, and one for slices that are not axial.</returns>
    public static IEnumerable<ResultWarning> Warnings(ModelManifest manifest, VolumeGeometry geometry, double gantryTiltDegrees)
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
