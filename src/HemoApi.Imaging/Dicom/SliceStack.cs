using System.Globalization;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Dicom;

/// <summary>Images of one series, in order along their normal and proven to be one stack.</summary>
internal sealed record SliceStack(
    IReadOnlyList<DicomInstance> Slices,
    VolumeGeometry Geometry,
    double GantryTiltDegrees,
    IReadOnlyList<ResultWarning> Warnings)
{
    /// <summary>Slices closer than this are the same place: reconstructions are never finer than 0.1 mm, and positions are written to at least 0.01 mm.</summary>
    public const double SamePositionMm = 0.05;

    private const double SameDirectionTolerance = 1e-3;
    private const double SameSpacingToleranceMm = 1e-3;

    /// <summary>How far a slice may lie beside the line that the stack's first and last slice span.</summary>
    private const double OffLineMm = 1;

    /// <summary>Gantries tilt by up to 30°; slices that advance more sideways than along their normal are no stack.</summary>
    private const double MaximumTiltDegrees = 45;

    /// <summary>Smaller angles come from rounded positions.</summary>
    private const double ReportedTiltDegrees = 0.5;

    /// <summary>Sorts by position along the normal, whatever instance numbers and slice locations say.</summary>
    /// <param name="images">All without an <see cref="ImageEligibility.Problem"/>, and at least two.</param>
    public static Outcome<SliceStack> Build(IReadOnlyList<DicomInstance> images)
    {
        if (GridFault(images) is { } gridFault)
        {
            return gridFault;
        }

        var row = images[0].RowDirection!.Value.Normalized();
        var column = images[0].ColumnDirection!.Value.Normalized();
        var normal = row.Cross(column).Normalized();
        var slices = images.OrderBy(i => i.ImagePositionLpsMm!.Value.Dot(normal)).ThenBy(i => i.FileName, StringComparer.Ordinal).ThenBy(i => i.FrameNumber).ToArray();
        var origins = Array.ConvertAll(slices, s => s.ImagePositionLpsMm!.Value);
        var positions = Array.ConvertAll(origins, o => o.Dot(normal));
        for (var k = 1; k < slices.Length; k++)
        {
            if (positions[k] - positions[k - 1] < SamePositionMm)
            {
                return new Fault(
                    FaultCodes.GeometryDuplicatePosition,
                    $"Two different images of the series lie at the same place, z = {Mm(origins[k].Z)} mm.",
                    "Send one acquisition or reconstruction of the head only.");
            }
        }

        var thicknesses = Thicknesses(slices, positions);
        if (SpacingRules.Check(positions, thicknesses, origins) is { } spacingFault)
        {
            return spacingFault;
        }

        if (LineFault(origins, positions, normal) is { } lineFault)
        {
            return lineFault;
        }

        var geometry = new VolumeGeometry(
            slices[0].Columns,
            slices[0].Rows,
            row,
            column,
            slices[0].RowSpacingMm!.Value,
            slices[0].ColumnSpacingMm!.Value,
            [.. origins.Zip(thicknesses, (origin, thickness) => new SlicePlane(origin, thickness))]);
        var tilt = Math.Round(geometry.ShearDegrees, 2);
        if (tilt > MaximumTiltDegrees)
        {
            return Inconsistent($"The slices advance at {tilt.ToString("0.0", CultureInfo.InvariantCulture)}° to their normal; no gantry tilts by more than {MaximumTiltDegrees:0}°.");
        }

        List<ResultWarning> warnings = [];
        if (tilt > ReportedTiltDegrees)
        {
            warnings.Add(new(
                WarningCodes.GantryTilt,
                $"The slices are tilted by {tilt.ToString("0.0", CultureInfo.InvariantCulture)}° against the direction in which they are stacked (gantry tilt); volumes use their true positions."));
        }

        warnings.AddRange(SpacingRules.Warnings(positions, thicknesses));
        var without = slices.Count(s => s.SliceThicknessMm is null);
        if (without > 0)
        {
            warnings.Add(new(
                WarningCodes.ThicknessDiffersFromSpacing,
                $"{without} of {slices.Length} slices state no thickness; the usual distance between slices, {Mm(thicknesses[Array.FindIndex(slices, s => s.SliceThicknessMm is null)])} mm, stands in for it."));
        }

        return new SliceStack(slices, geometry, tilt > ReportedTiltDegrees ? tilt : 0, warnings);
    }

    private static double[] Thicknesses(DicomInstance[] slices, double[] positions)
    {
        var usualSpacing = SpacingRules.Median([.. positions.Skip(1).Zip(positions, (above, below) => above - below)]);
        return Array.ConvertAll(slices, s => s.SliceThicknessMm ?? usualSpacing);
    }

    /// <summary>All images must share one frame of reference, one matrix, one pixel spacing and one orientation.</summary>
    private static Fault? GridFault(IReadOnlyList<DicomInstance> images)
    {
        var first = images[0];
        string? difference = null;
        if (images.Any(i => i.FrameOfReferenceUid != first.FrameOfReferenceUid))
        {
            difference = "frames of reference, so that their positions can't be compared";
        }
        else if (images.Any(i => i.Rows != first.Rows || i.Columns != first.Columns))
        {
            difference = "numbers of rows and columns";
        }
        else if (images.Any(i => !IsNear(i.RowSpacingMm, first.RowSpacingMm) || !IsNear(i.ColumnSpacingMm, first.ColumnSpacingMm)))
        {
            difference = "pixel spacings";
        }
        else if (images.Any(i => !IsParallel(i, first)))
        {
            difference = "orientations";
        }

        return difference is null
            ? null
            : Inconsistent($"The axial images of the series have different {difference}.");
    }

    /// <summary>Positions must advance along one direction, which tilt may turn away from the normal.</summary>
    private static Fault? LineFault(Vector3D[] origins, double[] positions, Vector3D normal)
    {
        var step = (origins[^1] - origins[0]) * (1 / (positions[^1] - positions[0]));
        for (var k = 1; k < origins.Length - 1; k++)
        {
            var offset = origins[k] - origins[0] - (step * (positions[k] - positions[0]));
            if (offset.Length > OffLineMm)
            {
                return Inconsistent($"The slice at z = {Mm(origins[k].Z)} mm lies {Mm(offset.Length)} mm beside the line of the others, as if it were of another acquisition.");
            }
        }

        return null;
    }

    private static Fault Inconsistent(string detail) => new(
        FaultCodes.GeometryInconsistentOrientation,
        detail,
        "Send one acquisition of the head, all of it with the same gantry tilt, field of view and matrix.");

    /// <summary>Rows and columns of both run in the same directions.</summary>
    public static bool IsParallel(DicomInstance a, DicomInstance b) => IsNear(a.RowDirection, b.RowDirection) && IsNear(a.ColumnDirection, b.ColumnDirection);

    private static bool IsNear(double? a, double? b) => a is { } x && b is { } y && Math.Abs(x - y) <= SameSpacingToleranceMm;

    private static bool IsNear(Vector3D? a, Vector3D? b) => a is { } x && b is { } y && (x - y).Length <= SameDirectionTolerance;

    private static string Mm(double value) => SpacingRules.Mm(value);
}
