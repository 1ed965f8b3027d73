using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Export;

/// <summary>A <see cref="VolumeGeometry"/> as NIfTI-1 says it. The one place where LPS becomes RAS.</summary>
/// <remarks>Rows are stored from the last to the first, as dcm2niix does, so that the same series gives the same voxels and the
/// same affine with both. The determinant is then always negative (qfac −1).</remarks>
internal sealed class NiftiGeometry
{
    /// <summary>Positions off by less do not make a stack sheared or uneven: rounding of DICOM's decimal strings.</summary>
    private const double ToleranceMm = 0.1;

    public NiftiGeometry(VolumeGeometry geometry)
    {
        var lps = geometry.LpsAffine();
        var i = ToRas(lps, 0);
        var j = ToRas(lps, 1) * -1;
        var k = ToRas(lps, 2);
        var origin = ToRas(lps, 3) - (j * (geometry.Rows - 1));
        Sform = new[,] { { i.X, j.X, k.X, origin.X }, { i.Y, j.Y, k.Y, origin.Y }, { i.Z, j.Z, k.Z, origin.Z } };
        Quaternion = ToQuaternion(i.Normalized(), j.Normalized());
        var slices = geometry.SliceCount;
        IsSheared = (geometry.MeanSliceStepLpsMm - (geometry.Normal * geometry.MeanSliceSpacingMm)).Length * (slices - 1) > ToleranceMm;
        IsUneven = Enumerable.Range(0, slices).Any(s =>
            (geometry.Slices[s].OriginLpsMm - geometry.Slices[0].OriginLpsMm - (geometry.MeanSliceStepLpsMm * s)).Length > ToleranceMm);
        SpacingMm = (geometry.ColumnSpacingMm, geometry.RowSpacingMm, geometry.MeanSliceSpacingMm);
    }

    /// <summary>3×4, (column, stored row, slice, 1) → RAS mm. Exact for evenly spaced stacks, sheared ones included.</summary>
    public double[,] Sform { get; }

    /// <summary>Components b, c, d of the rotation nearest to the sform, with qfac −1; only valid where the stack is not sheared.</summary>
    public (double B, double C, double D) Quaternion { get; }

    /// <summary>The slices' stacking direction is not their normal: no qform can say that.</summary>
    public bool IsSheared { get; }

    /// <summary>Slices lie off the affine, which joins the first and the last.</summary>
    public bool IsUneven { get; }

    /// <summary>Columns, rows, and slices along the normal, so that the product is the voxel's volume even in a sheared stack.</summary>
    public (double Column, double Row, double Slice) SpacingMm { get; }

    private static Vector3D ToRas(double[,] lps, int column) => new(-lps[0, column], -lps[1, column], lps[2, column]);

    /// <summary>The rotation whose columns are i, j and i × j; a = √(1 − b² − c² − d²) is not negative, as NIfTI demands.</summary>
    private static (double B, double C, double D) ToQuaternion(Vector3D i, Vector3D j)
    {
        var k = i.Cross(j).Normalized();
        j = k.Cross(i);
        // Four times the products of the components with each other; the row with the largest diagonal is the most precise.
        double[,] products =
        {
            { 1 + i.X + j.Y + k.Z, j.Z - k.Y, k.X - i.Z, i.Y - j.X },
            { j.Z - k.Y, 1 + i.X - j.Y - k.Z, i.Y + j.X, k.X + i.Z },
            { k.X - i.Z, i.Y + j.X, 1 - i.X + j.Y - k.Z, j.Z + k.Y },
            { i.Y - j.X, k.X + i.Z, j.Z + k.Y, 1 - i.X - j.Y + k.Z },
        };
        var best = Enumerable.Range(0, 4).MaxBy(row => products[row, row]);
        var scale = 0.5 / Math.Sqrt(products[best, best]);
        var sign = products[best, 0] < 0 ? -scale : scale;
        return (products[best, 1] * sign, products[best, 2] * sign, products[best, 3] * sign);
    }
}
