using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Import;

/// <summary>The voxels of a NIfTI file as a stack of slices.</summary>
internal static class NiftiStack
{
    /// <summary>As <see cref="NiftiImageReader"/> says.</summary>
    /// <returns><see cref="FaultCodes.NiftiInvalid"/> where the axes span no volume, <see cref="FaultCodes.NiftiUnsupported"/> where those of a
    /// slice are not at right angles.</returns>
    public static Outcome<VolumeGeometry> Geometry(NiftiHeader header)
    {
        var affine = header.LpsAffine;
        int[] counts = [header.Dimensions.I, header.Dimensions.J, header.Dimensions.K];
        Vector3D[] steps = [.. Enumerable.Range(0, 3).Select(axis => new Vector3D(affine[0, axis], affine[1, axis], affine[2, axis]))];
        if (steps.Any(step => !(step.Length > 0)))
        {
            return NiftiFaults.Invalid("an axis has no length");
        }

        var slices = Enumerable.Range(0, 3).MaxBy(axis => Math.Abs(steps[axis].Normalized().Z));
        int[] inPlane = [.. Enumerable.Range(0, 3).Where(axis => axis != slices)];
        var columns = inPlane.MaxBy(axis => Math.Abs(steps[axis].Normalized().X));
        var rows = inPlane.Single(axis => axis != columns);

        var origin = new Vector3D(affine[0, 3], affine[1, 3], affine[2, 3]);
        var alongColumns = Turn(columns, steps[columns].X < 0);
        var alongRows = Turn(rows, steps[rows].Y < 0);
        var normal = alongColumns.Normalized().Cross(alongRows.Normalized());
        var alongSlices = Turn(slices, steps[slices].Dot(normal) < 0);
        var spacingMm = alongSlices.Dot(normal) / normal.Length;
        try
        {
            return new VolumeGeometry(
                counts[columns], counts[rows], alongColumns.Normalized(), alongRows.Normalized(), alongRows.Length, alongColumns.Length,
                [.. Enumerable.Range(0, counts[slices]).Select(k => new SlicePlane(origin + (alongSlices * k), spacingMm))]);
        }
        catch (ArgumentException)
        {
            return NiftiFaults.Unsupported("its slices are not at right angles, or lie in one plane");
        }

        // The axis the other way round where it must be: it then starts at what was its end.
        Vector3D Turn(int axis, bool isReversed)
        {
            if (!isReversed)
            {
                return steps[axis];
            }

            origin += steps[axis] * (counts[axis] - 1);
            return steps[axis] * -1;
        }
    }
}
