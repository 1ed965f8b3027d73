using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Masks;

/// <summary>Geometries that scanners produce, and masks drawn on them by a rule over LPS points.</summary>
internal static class Stacks
{
    public static readonly Vector3D Left = new(1, 0, 0);
    public static readonly Vector3D Posterior = new(0, 1, 0);
    public static readonly Vector3D Superior = new(0, 0, 1);

    public static Vector3D Opposite(this Vector3D direction) => direction * -1;

    /// <summary>Slices at <paramref name="steps"/> × k from the origin, so that a step off the normal shears the stack.</summary>
    public static VolumeGeometry Even(
        int columns, int rows, int slices, Vector3D rowDirection, Vector3D columnDirection, Vector3D step,
        double rowSpacingMm = 1, double columnSpacingMm = 1, double? thicknessMm = null, Vector3D origin = default) =>
        new(columns, rows, rowDirection, columnDirection, rowSpacingMm, columnSpacingMm,
            [.. Enumerable.Range(0, slices).Select(k => new SlicePlane(origin + (step * k), thicknessMm ?? step.Length))]);

    /// <summary>An ordinary axial stack: columns to the left, rows to posterior, slices to superior.</summary>
    public static VolumeGeometry Axial(int columns, int rows, int slices, double spacingMm = 1, double sliceSpacingMm = 1) =>
        Even(columns, rows, slices, Left, Posterior, Superior * sliceSpacingMm, spacingMm, spacingMm);

    /// <summary>An axial stack at the given heights.</summary>
    public static VolumeGeometry AxialAt(int columns, int rows, double spacingMm, double thicknessMm, params double[] heightsMm) =>
        new(columns, rows, Left, Posterior, spacingMm, spacingMm,
            [.. heightsMm.Select(z => new SlicePlane(new Vector3D(0, 0, z), thicknessMm))]);

    /// <summary>What a gantry tilted about the left-right axis gives: the planes lean, the table still moves along Z.</summary>
    public static VolumeGeometry Tilted(int columns, int rows, int slices, double degrees, double spacingMm, double tableStepMm)
    {
        var radians = degrees * Math.PI / 180;
        var column = new Vector3D(0, Math.Cos(radians), -Math.Sin(radians));
        return Even(columns, rows, slices, Left, column, Superior * tableStepMm, spacingMm, spacingMm, tableStepMm * Math.Cos(radians));
    }

    public static Vector3D CentreLpsMm(this VolumeGeometry geometry) =>
        (geometry.ToLpsMm((geometry.Columns - 1) / 2.0, (geometry.Rows - 1) / 2.0, 0)
            + geometry.ToLpsMm((geometry.Columns - 1) / 2.0, (geometry.Rows - 1) / 2.0, geometry.SliceCount - 1)) * 0.5;

    public static T[] Draw<T>(this VolumeGeometry geometry, Func<Vector3D, T> rule)
    {
        var voxels = new T[geometry.VoxelCount];
        var i = 0;
        for (var slice = 0; slice < geometry.SliceCount; slice++)
        {
            for (var row = 0; row < geometry.Rows; row++)
            {
                for (var column = 0; column < geometry.Columns; column++)
                {
                    voxels[i++] = rule(geometry.ToLpsMm(column, row, slice));
                }
            }
        }

        return voxels;
    }

    public static LabelVolume DrawMask(this VolumeGeometry geometry, Func<Vector3D, HemorrhageType?> rule) =>
        new(geometry, geometry.Draw(point => (byte)(rule(point) ?? 0)));

    /// <summary>A mask with single voxels set, given as (column, row, slice, type).</summary>
    public static LabelVolume MaskOf(this VolumeGeometry geometry, params (int Column, int Row, int Slice, HemorrhageType Type)[] voxels)
    {
        var labels = new byte[geometry.VoxelCount];
        foreach (var (column, row, slice, type) in voxels)
        {
            labels[(((slice * geometry.Rows) + row) * geometry.Columns) + column] = (byte)type;
        }

        return new LabelVolume(geometry, labels);
    }

    /// <summary>Water everywhere.</summary>
    public static CtVolume Water(this VolumeGeometry geometry) => new(geometry, new short[geometry.VoxelCount]);

    public static bool InEllipsoid(this Vector3D point, Vector3D centre, double a, double b, double c)
    {
        var d = point - centre;
        return (d.X * d.X / (a * a)) + (d.Y * d.Y / (b * b)) + (d.Z * d.Z / (c * c)) <= 1;
    }

    public static double EllipsoidMl(double a, double b, double c) => 4.0 / 3 * Math.PI * a * b * c / 1000;
}
