using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Volumes;
using HemoApi.Training.Backgrounds;

namespace HemoApi.Training.Painting;

/// <summary>Something put into a head: blood, or what is mistaken for it. Points are in the head's frame, mm.</summary>
internal abstract class HeadInsert
{
    /// <summary>Null where it is no hemorrhage.</summary>
    public HemorrhageType? Type { get; init; }

    /// <summary>Width of its edge.</summary>
    public required double EdgeMm { get; init; }

    /// <summary>1 replaces what is below; less lets it shine through.</summary>
    public double Opacity { get; init; } = 1;

    public required BloodDensity Density { get; init; }

    public abstract Vector3D MiddleMm { get; }

    /// <summary>Oedema around it: added to what is there, HU, over this width.</summary>
    public double RimHu { get; init; }

    public double RimMm { get; init; }

    /// <summary>How far inside of it a point lies; negative outside. Near its surface about a distance, far outside only some negative number.</summary>
    /// <param name="head">What the head shows at the point, before inserts.</param>
    public abstract double InsideMm(Vector3D pointMm, in HeadPoint head);

    /// <summary>Mass effect: from a point to where its tissue lay before, mm.</summary>
    public virtual Vector3D PushMm(Vector3D pointMm, double depthMm) => default;
}

/// <summary>Density of blood in space: a mean, mottled; with a level under which cells have settled; or in layers.</summary>
internal sealed class BloodDensity(PhantomRandom random, double hu, double mottleHu)
{
    private readonly WaveField _mottle = new(random, random.LogUniform(7, 40));
    private readonly double? _levelMm = random.Chance(0.08) ? random.Uniform(-20, 20) : null;
    private readonly double _supernatantHu = random.Uniform(-22, -8);

    /// <param name="middle">Of the blood: levels lie near it, horizontal as the patient lies on the back.</param>
    public double HuAt(Vector3D pointMm, Vector3D middle)
    {
        var value = hu + (mottleHu * _mottle.At(pointMm));
        return _levelMm is { } level && pointMm.Y < middle.Y + (level * 0.3) ? Math.Max(34, value + _supernatantHu) : value;
    }
}
