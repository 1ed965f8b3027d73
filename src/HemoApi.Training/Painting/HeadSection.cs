using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Training.Painting;

/// <summary>One slice of a scene: square pixels, rows × columns.</summary>
internal sealed class HeadSection
{
    /// <summary>A slice is the mean of planes about this far apart.</summary>
    private const double PlaneStepMm = 1.7;

    /// <summary>A reader outlines what is visible: a little less than half of the slice's thickness.</summary>
    private const double LeastShare = 0.45;

    /// <summary>What bone outshines belongs to the bone.</summary>
    private const double BrightestHu = 140;

    private HeadSection(VolumeGeometry geometry)
    {
        (Columns, Rows, SpacingMm) = (geometry.Columns, geometry.Rows, geometry.ColumnSpacingMm);
        (Hu, DepthMm, Labels) = (new float[Rows * Columns], new float[Rows * Columns], new byte[Rows * Columns]);
    }

    public int Columns { get; }

    public int Rows { get; }

    public double SpacingMm { get; }

    public float[] Hu { get; }

    /// <summary>In the middle plane; negative outside of the cranial cavity.</summary>
    public float[] DepthMm { get; }

    public byte[] Labels { get; }

    public static HeadSection Render(HeadScene scene, VolumeGeometry geometry, int slice)
    {
        var section = new HeadSection(geometry);
        var thickness = geometry.Slices[slice].ThicknessMm;

        // An odd number, so that blood in half of the planes is no question.
        var planes = thickness <= PlaneStepMm ? 1 : thickness <= 3 * PlaneStepMm ? 3 : 5;
        var warp = scene.Warp.OverPlane(geometry.Columns, geometry.Rows, (column, row) => scene.ToHead(geometry.ToLpsMm(column, row, slice)));
        var shares = new float[HemorrhageTypes.All.Count + 1];
        for (var row = 0; row < section.Rows; row++)
        {
            for (var column = 0; column < section.Columns; column++)
            {
                var i = (row * section.Columns) + column;
                var middle = geometry.ToLpsMm(column, row, slice);
                Array.Clear(shares);
                var hu = 0.0;
                for (var plane = 0; plane < planes; plane++)
                {
                    var at = ((plane + 0.5) / planes) - 0.5;
                    var point = scene.At(scene.ToHead(middle + (geometry.Normal * (at * thickness))) + warp[row, column]);
                    hu += Math.Clamp(point.Hu, -1000, 3000) / planes;
                    shares[point.Label] += 1f / planes;
                    section.DepthMm[i] = plane == planes / 2 ? point.DepthMm : section.DepthMm[i];
                }

                section.Hu[i] = (float)hu;
                section.Labels[i] = shares[0] > 1 - LeastShare || hu > BrightestHu ? (byte)0 : (byte)(1 + shares.AsSpan(1).IndexOf(Math.Max(shares[1], Math.Max(shares[2], shares[3]))));
            }
        }

        return section;
    }
}
