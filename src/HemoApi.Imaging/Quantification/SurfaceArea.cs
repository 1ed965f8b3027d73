using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Quantification;

/// <summary>Area of a lesion's surface. Every face between a voxel inside and one outside counts with its area times the cosine of its
/// angle to the surface's true normal, which is the gradient of the smoothed mask; counting whole faces would give the area of
/// stairs, half as much again on a sphere (Coeurjolly et al. 2003, "Multigrid convergence of discrete geometric estimators").</summary>
internal static class SurfaceArea
{
    /// <returns>mm².</returns>
    public static double Mm2(ConnectedLesion lesion, VoxelBox box, VolumeGeometry geometry)
    {
        // Stairs are as wide as the surface leans: smoothing over about a slice's spacing, and a few pixels at least, takes them away.
        var radius = Math.Max(2, (int)Math.Round(geometry.MeanSliceSpacingMm / Math.Min(geometry.ColumnSpacingMm, geometry.RowSpacingMm) / 2));
        var block = new VoxelBlock(lesion, box, (2 * radius) + 2, marginSlices: 3, geometry);
        var smooth = new SmoothedSlices(block, radius);
        var total = 0.0;
        for (var slice = block.MarginSlices - 1; slice <= block.Slices - block.MarginSlices; slice++)
        {
            total += OfSlice(block, smooth, slice, geometry);
        }

        return total;
    }

    /// <summary>Faces between the voxels of a slice, and those to the next slice.</summary>
    private static double OfSlice(VoxelBlock block, SmoothedSlices smooth, int slice, VolumeGeometry geometry)
    {
        var (u, v) = (geometry.RowDirection * geometry.ColumnSpacingMm, geometry.ColumnDirection * geometry.RowSpacingMm);
        var here = new Frame(u, v, block.StepLpsMm(slice), block.ExtentMm(slice));
        var next = new Frame(u, v, block.StepLpsMm(slice + 1), block.ExtentMm(slice + 1));
        var (columns, size) = (block.Columns, block.Columns * block.Rows);
        var voxels = block.Voxels;
        var total = 0.0;
        for (var row = 1; row < block.Rows - 2; row++)
        {
            for (var column = 1; column < columns - 2; column++)
            {
                var at = (row * columns) + column;
                var inside = voxels[(slice * size) + at];
                if (inside != voxels[(slice * size) + at + 1])
                {
                    total += here.FaceMm2(here.AcrossColumns, here.Gradient(smooth, slice, at) + here.Gradient(smooth, slice, at + 1));
                }

                if (inside != voxels[(slice * size) + at + columns])
                {
                    total += here.FaceMm2(here.AcrossRows, here.Gradient(smooth, slice, at) + here.Gradient(smooth, slice, at + columns));
                }

                if (inside != voxels[((slice + 1) * size) + at])
                {
                    total += here.FaceMm2(here.AcrossSlices, here.Gradient(smooth, slice, at) + next.Gradient(smooth, slice + 1, at));
                }
            }
        }

        return total;
    }

    /// <summary>The edges of a voxel, which lean where the gantry was tilted; its faces; and the reciprocal edges, which turn differences
    /// between voxels into a gradient.</summary>
    private readonly struct Frame
    {
        private readonly Vector3D _reciprocalU;
        private readonly Vector3D _reciprocalV;
        private readonly Vector3D _reciprocalW;

        public Frame(Vector3D u, Vector3D v, Vector3D w, double extentMm)
        {
            var normal = u.Cross(v);
            var volume = normal.Dot(w);
            (_reciprocalU, _reciprocalV, _reciprocalW) = (v.Cross(w) * (1 / volume), w.Cross(u) * (1 / volume), normal * (1 / volume));
            var edge = w * (extentMm / (volume / normal.Length));
            (AcrossColumns, AcrossRows, AcrossSlices) = (v.Cross(edge), edge.Cross(u), normal);
        }

        public Vector3D AcrossColumns { get; }

        public Vector3D AcrossRows { get; }

        public Vector3D AcrossSlices { get; }

        public double FaceMm2(Vector3D face, Vector3D gradient) => Math.Abs(face.Dot(gradient)) / gradient.Length;

        public Vector3D Gradient(SmoothedSlices smooth, int slice, int at)
        {
            var here = smooth[slice];
            return (_reciprocalU * (here[at + 1] - here[at - 1]))
                + (_reciprocalV * (here[at + smooth.Columns] - here[at - smooth.Columns]))
                + (_reciprocalW * (smooth[slice + 1][at] - smooth[slice - 1][at]));
        }
    }
}
