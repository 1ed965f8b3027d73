using HemoApi.Imaging.Dicom;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Quantification;

/// <summary>A place in a head as its own skull has it, whatever the head's turn in the scanner and its size.</summary>
/// <param name="BelowVertexMm">Below the highest bone of the scan.</param>
/// <param name="Posterior">−1 at the foremost bone of the scan, 1 at the hindmost.</param>
/// <param name="Lateral">0 on the symmetry plane, 1 at the bone that is furthest from it, left or right.</param>
public readonly record struct HeadPlace(double BelowVertexMm, double Posterior, double Lateral);

/// <summary>The directions and the extent of a head, from its skull. The face counts where it is in the scan; how far the head nods is not known.</summary>
internal sealed class HeadFrame
{
    private readonly SymmetryPlane _plane;
    private readonly Vector3D _posterior;
    private readonly Vector3D _superior;
    private readonly (double LowMm, double HighMm) _length;
    private readonly double _vertexMm;
    private readonly double _halfWidthMm;

    private HeadFrame(SkullPoints skull, SymmetryPlane plane)
    {
        _plane = plane;
        var (up, normal) = (new Vector3D(0, 0, 1), plane.NormalLps);
        _superior = (up - (normal * up.Dot(normal))).Normalized();
        _posterior = _superior.Cross(normal);
        _length = skull.Extent(_posterior);
        _vertexMm = skull.Extent(_superior).HighMm;
        var (right, left) = skull.Extent(normal);
        var middle = plane.PointLpsMm.Dot(normal);
        _halfWidthMm = Math.Max(left - middle, middle - right);
    }

    /// <returns>Null where the scan does not reach over a head, so that its highest bone is no vertex, or its skull shows no symmetry.</returns>
    public static HeadFrame? Find(CtVolume image)
    {
        if (image.Geometry.StackHeightMm < HeadCoverage.LeastHeadMm)
        {
            return null;
        }

        var skull = new SkullPoints(image);
        return SymmetryPlane.Find(skull) is { } plane ? new HeadFrame(skull, plane) : null;
    }

    public HeadPlace PlaceOf(Vector3D lpsMm) => new(
        _vertexMm - lpsMm.Dot(_superior),
        ((2 * lpsMm.Dot(_posterior)) - _length.LowMm - _length.HighMm) / (_length.HighMm - _length.LowMm),
        Math.Abs(_plane.DistanceMm(lpsMm)) / _halfWidthMm);
}
