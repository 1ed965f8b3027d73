using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Phantoms;

/// <summary>An ellipsoid in the head frame: LPS directions, mm, origin in the middle of the cranial cavity.</summary>
public sealed class Ellipsoid
{
    /// <summary>What <see cref="SignedDistanceMm"/> says of everything farther than <see cref="FarMm"/> from the centre.</summary>
    public const double FarDistanceMm = 4;

    private readonly Vector3D _axisU;
    private readonly Vector3D _axisV;
    private readonly Vector3D _axisW;
    private readonly Vector3D _inverse;
    private readonly double _boundMm;

    /// <param name="rotationDegrees">Turn about the head's superior axis, then about its left axis.</param>
    public Ellipsoid(Vector3D centreMm, Vector3D radiiMm, double rotationDegrees = 0, double pitchDegrees = 0)
    {
        CentreMm = centreMm;
        RadiiMm = radiiMm;
        var (sin, cos) = Math.SinCos(rotationDegrees * Math.PI / 180);
        var (sinPitch, cosPitch) = Math.SinCos(pitchDegrees * Math.PI / 180);
        _axisU = new Vector3D(cos, sin, 0);
        _axisV = new Vector3D(-sin * cosPitch, cos * cosPitch, sinPitch);
        _axisW = _axisU.Cross(_axisV);
        _inverse = new Vector3D(1 / radiiMm.X, 1 / radiiMm.Y, 1 / radiiMm.Z);
        _boundMm = Math.Max(radiiMm.X, Math.Max(radiiMm.Y, radiiMm.Z));
    }

    public Vector3D CentreMm { get; }

    public Vector3D RadiiMm { get; }

    /// <summary>Distance from the centre from which on a point is <see cref="FarDistanceMm"/> away, whatever its direction.</summary>
    public double FarMm => Math.Sqrt((_boundMm * _boundMm) + (2 * _boundMm * FarDistanceMm));

    public double VolumeMl => 4.0 / 3 * Math.PI * RadiiMm.X * RadiiMm.Y * RadiiMm.Z / 1000;

    /// <summary>0 at the centre, 1 on the surface.</summary>
    public double NormalisedRadius(Vector3D pointMm)
    {
        var d = pointMm - CentreMm;
        return new Vector3D(d.Dot(_axisU) * _inverse.X, d.Dot(_axisV) * _inverse.Y, d.Dot(_axisW) * _inverse.Z).Length;
    }

    /// <summary>Distance to the surface, mm, negative inside: first order, exact on the surface
    /// (k0 (k0 − 1) / k1 with k0 = |p/r|, k1 = |p/r²|). Far outside it is only a lower bound.</summary>
    public double SignedDistanceMm(Vector3D pointMm)
    {
        var d = pointMm - CentreMm;
        var outside = (d.Dot(d) - (_boundMm * _boundMm)) / (2 * _boundMm);
        if (outside > FarDistanceMm)
        {
            return FarDistanceMm;
        }

        var u = new Vector3D(d.Dot(_axisU) * _inverse.X, d.Dot(_axisV) * _inverse.Y, d.Dot(_axisW) * _inverse.Z);
        var k0 = u.Length;
        var k1 = new Vector3D(u.X * _inverse.X, u.Y * _inverse.Y, u.Z * _inverse.Z).Length;
        return k1 < 1e-9 ? -Math.Min(RadiiMm.X, Math.Min(RadiiMm.Y, RadiiMm.Z)) : k0 * (k0 - 1) / k1;
    }

    /// <summary>A point of the surface; the direction is in the ellipsoid's own normalised frame.</summary>
    public Vector3D SurfacePointMm(Vector3D direction)
    {
        var u = direction.Normalized();
        return CentreMm + (_axisU * (u.X * RadiiMm.X)) + (_axisV * (u.Y * RadiiMm.Y)) + (_axisW * (u.Z * RadiiMm.Z));
    }
}
