using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Volumes;
using HemoApi.Training.Backgrounds;

namespace HemoApi.Training.Painting;

/// <summary>A thin layer on one side of a bent plane, within a disc: subdural blood along falx or tentorium, and without a type these leaves
/// of dura themselves, which are bright in many heads.</summary>
internal sealed class DuralSheet : HeadInsert
{
    private readonly Vector3D _middle;
    private readonly Vector3D _normal;
    private readonly double _reachMm;
    private readonly double _thicknessMm;
    private readonly double _bendMm;
    private readonly WaveField _bend;
    private readonly WaveField _thick;

    private DuralSheet(PhantomRandom random, Vector3D middle, Vector3D normal, double thicknessMm, double reachMm, double bendMm)
    {
        (_middle, _normal, _thicknessMm, _reachMm, _bendMm) = (middle, normal.Normalized(), thicknessMm, reachMm, bendMm);
        (_bend, _thick) = (new(random, random.Uniform(50, 90)), new(random, random.Uniform(18, 40)));
    }

    public static DuralSheet Falx(PhantomRandom random, double thicknessMm, BloodDensity density, HemorrhageType? type, double opacity)
    {
        var side = random.Chance(0.5) ? 1 : -1;
        var front = random.Chance(0.5);
        var middle = new Vector3D(side * random.Uniform(-0.5, 1.5), front ? random.Uniform(-85, -45) : random.Uniform(30, 80), random.Uniform(5, 65));
        return new(random, middle, new(side, random.Gaussian() * 0.03, random.Gaussian() * 0.03), thicknessMm, random.Uniform(25, type is null ? 75 : 50), random.Uniform(0, 2))
        {
            Type = type, Density = density, EdgeMm = random.Uniform(0.5, 1.3), Opacity = opacity,
        };
    }

    public static DuralSheet Tentorium(PhantomRandom random, double thicknessMm, BloodDensity density, HemorrhageType? type, double opacity)
    {
        var side = random.Chance(0.5) ? 1 : -1;
        var middle = new Vector3D(side * random.Uniform(12, 34), random.Uniform(15, 55), random.Uniform(-28, 2));
        return new(random, middle, new(side * random.Uniform(0.35, 0.9), random.Uniform(0.1, 0.5), 1), thicknessMm, random.Uniform(14, 34), random.Uniform(0, 3))
        {
            Type = type, Density = density, EdgeMm = random.Uniform(0.5, 1.5), Opacity = opacity,
        };
    }

    public override Vector3D MiddleMm => _middle;

    public override double InsideMm(Vector3D pointMm, in HeadPoint head)
    {
        var d = pointMm - _middle;
        var across = d.Dot(_normal);
        if (Math.Abs(across) > _thicknessMm + (4 * _bendMm) + 3)
        {
            return -3;
        }

        var radius = (d - (_normal * across)).Length;
        var half = _thicknessMm / 2 * (1 + (0.3 * _thick.At(pointMm))) * Math.Min(1, Math.Max(0, (_reachMm - radius) / 6));
        return Math.Min(half - Math.Abs(across - (_thicknessMm / 2) + (_bendMm * _bend.At(pointMm))), _reachMm - radius);
    }
}
