using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Registration;

/// <summary>A head scanned again in another position, on another grid: axial, 0.5 × 0.5 × 2.5 mm, interpolated from a scan.</summary>
internal static class MovedScan
{
    public static Vector3D MiddleLpsMm(CtVolume image)
    {
        var g = image.Geometry;
        return (g.ToLpsMm(g.Columns / 2.0, g.Rows / 2.0, 0) + g.ToLpsMm(g.Columns / 2.0, g.Rows / 2.0, g.SliceCount - 1)) * 0.5;
    }

    /// <param name="toOriginal">From a point of the new scan to the same place of the head in the old one, LPS mm.</param>
    public static CtVolume Resample(CtVolume image, Func<Vector3D, Vector3D> toOriginal)
    {
        const int Pixels = 480;
        const double SpacingMm = 0.5;
        const double SliceMm = 2.5;
        const int Slices = 72;
        var corner = MiddleLpsMm(image) - new Vector3D(Pixels * SpacingMm / 2, Pixels * SpacingMm / 2, Slices * SliceMm / 2);
        var grid = new VolumeGeometry(
            Pixels, Pixels, new(1, 0, 0), new(0, 1, 0), SpacingMm, SpacingMm,
            [.. Enumerable.Range(0, Slices).Select(k => new SlicePlane(corner + new Vector3D(0, 0, k * SliceMm), SliceMm))]);
        var voxels = new short[grid.VoxelCount];
        Parallel.For(0, Slices, k =>
        {
            for (var i = 0; i < Pixels * Pixels; i++)
            {
                voxels[(k * Pixels * Pixels) + i] = Sample(image, toOriginal(grid.ToLpsMm(i % Pixels, i / Pixels, k)));
            }
        });
        return new(grid, voxels);
    }

    private static short Sample(CtVolume image, Vector3D p)
    {
        var g = image.Geometry;
        var along = p.Dot(g.Normal);
        var below = -1;
        while (below + 1 < g.SliceCount && g.PositionAlongNormalMm(below + 1) <= along)
        {
            below++;
        }

        if (below < 0 || below >= g.SliceCount - 1)
        {
            return -1000;
        }

        var share = (along - g.PositionAlongNormalMm(below)) / g.GapAfterMm(below);
        return (short)Math.Round((InSlice(image, below, p) * (1 - share)) + (InSlice(image, below + 1, p) * share));
    }

    private static double InSlice(CtVolume image, int slice, Vector3D p)
    {
        var g = image.Geometry;
        var d = p - g.Slices[slice].OriginLpsMm;
        var (column, row) = (d.Dot(g.RowDirection) / g.ColumnSpacingMm, d.Dot(g.ColumnDirection) / g.RowSpacingMm);
        var (c, r) = ((int)Math.Floor(column), (int)Math.Floor(row));
        if (c < 0 || r < 0 || c + 1 >= g.Columns || r + 1 >= g.Rows)
        {
            return -1000;
        }

        double Hu(int dc, int dr) => image.Slice(slice)[((r + dr) * g.Columns) + c + dc];
        var (x, y) = (column - c, row - r);
        return (((Hu(0, 0) * (1 - x)) + (Hu(1, 0) * x)) * (1 - y)) + (((Hu(0, 1) * (1 - x)) + (Hu(1, 1) * x)) * y);
    }
}
