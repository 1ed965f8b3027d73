using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Phantoms;

/// <summary>A hemorrhage of exactly known shape and volume. All shapes are made of ellipsoids: ICH is one; EDH is a lens, the
/// part of the cranial cavity inside a second ellipsoid; SDH is a crescent, the part outside of it. The second ellipsoid has
/// the proportions of the inner table, so that scaling the head to a unit sphere turns both into spheres and the volume is
/// the closed form of two intersecting spheres.</summary>
public sealed class PhantomLesion
{
    private readonly Ellipsoid? _innerTable;
    private readonly Ellipsoid _body;

    private PhantomLesion(HemorrhageType type, Ellipsoid body, Ellipsoid? innerTable, double volumeMl, double hu)
    {
        Type = type;
        _body = body;
        _innerTable = innerTable;
        VolumeMl = volumeMl;
        Hu = hu;
    }

    public HemorrhageType Type { get; }

    /// <summary>Analytic.</summary>
    public double VolumeMl { get; }

    /// <summary>Mean density of the blood.</summary>
    public double Hu { get; }

    /// <summary>The ellipsoid of an ICH; the second ellipsoid of a lens or crescent.</summary>
    public Ellipsoid Body => _body;

    /// <summary>The same blood, raised to a density where it is fainter.</summary>
    public PhantomLesion AtLeast(double hu) => new(Type, _body, _innerTable, VolumeMl, Math.Max(Hu, hu));

    public static PhantomLesion Intracerebral(Ellipsoid body, double hu) => new(HemorrhageType.Ich, body, null, body.VolumeMl, hu);

    /// <summary>A lens against the inner table.</summary>
    /// <param name="direction">From the centre of the head to the middle of the lens, in the normalised frame.</param>
    /// <param name="thickness">Largest thickness as a fraction of the head's radius; over 1 − cos(halfAngle).</param>
    public static PhantomLesion Extradural(Ellipsoid innerTable, Vector3D direction, double thickness, double halfAngleDegrees, double hu)
    {
        // Both spheres meet at the half angle: r² = 1 + d² − 2 d cos φ, with r = thickness − 1 + d.
        var cos = Math.Cos(halfAngleDegrees * Math.PI / 180);
        var denominator = thickness - 1 + cos;
        if (denominator <= 0)
        {
            throw new ArgumentException("a lens is thicker than the cap over its edge", nameof(thickness));
        }

        var distance = ((2 * thickness) - (thickness * thickness)) / (2 * denominator);
        var radius = thickness - 1 + distance;
        var body = ScaledSphere(innerTable, direction.Normalized() * distance, radius);
        return new(HemorrhageType.Edh, body, innerTable, LensOfUnitSphere(radius, distance) * ScaleMl(innerTable), hu);
    }

    /// <summary>A crescent along the inner table.</summary>
    /// <param name="thickness">Largest thickness as a fraction of the head's radius; under 1 − cos(halfAngle).</param>
    public static PhantomLesion Subdural(Ellipsoid innerTable, Vector3D direction, double thickness, double halfAngleDegrees, double hu)
    {
        var cos = Math.Cos(halfAngleDegrees * Math.PI / 180);
        var denominator = 1 - thickness - cos;
        if (denominator <= 0)
        {
            throw new ArgumentException("a crescent is thinner than the cap over its edge", nameof(thickness));
        }

        var shift = ((2 * thickness) - (thickness * thickness)) / (2 * denominator);
        var radius = 1 - thickness + shift;
        var body = ScaledSphere(innerTable, direction.Normalized() * -shift, radius);
        var volume = (4.0 / 3 * Math.PI) - LensOfUnitSphere(radius, shift);
        return new(HemorrhageType.Sdh, body, innerTable, volume * ScaleMl(innerTable), hu);
    }

    /// <summary>Distance to the surface, mm, negative inside; head frame.</summary>
    public double SignedDistanceMm(Vector3D pointMm) => Type switch
    {
        HemorrhageType.Ich => _body.SignedDistanceMm(pointMm),
        HemorrhageType.Edh => Math.Max(_innerTable!.SignedDistanceMm(pointMm), _body.SignedDistanceMm(pointMm)),
        _ => Math.Max(_innerTable!.SignedDistanceMm(pointMm), -_body.SignedDistanceMm(pointMm)),
    };

    /// <summary>Volume common to the unit sphere and a sphere of radius r whose centre is at distance d:
    /// π (1 + r − d)² (d² + 2 d (1 + r) − 3 (1 − r)²) / (12 d) (Weisstein, Sphere-Sphere Intersection, MathWorld).</summary>
    internal static double LensOfUnitSphere(double r, double d) =>
        Math.PI * Math.Pow(1 + r - d, 2) * ((d * d) + (2 * d * (1 + r)) - (3 * (1 - r) * (1 - r))) / (12 * d);

    private static double ScaleMl(Ellipsoid table) => table.RadiiMm.X * table.RadiiMm.Y * table.RadiiMm.Z / 1000;

    private static Ellipsoid ScaledSphere(Ellipsoid table, Vector3D centre, double radius) => new(
        table.CentreMm + new Vector3D(centre.X * table.RadiiMm.X, centre.Y * table.RadiiMm.Y, centre.Z * table.RadiiMm.Z),
        table.RadiiMm * radius);
}
