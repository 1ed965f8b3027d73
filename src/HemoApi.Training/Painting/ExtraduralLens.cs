using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Volumes;
using HemoApi.Training.Backgrounds;

namespace HemoApi.Training.Painting;

/// <summary>Extradural blood: a lens against the inner table, thick in its middle, held where the dura is fixed, now and then cut off at a suture.</summary>
internal sealed class ExtraduralLens : ExtraAxialBlood
{
    private readonly Vector3D _anchor;
    private readonly Vector3D _inward;
    private readonly Vector3D _along;
    private readonly Vector3D _across;
    private readonly Vector3D _suture;
    private readonly double _sutureMm;
    private readonly double _thicknessMm;
    private readonly double _halfLengthMm;
    private readonly double _aspect;
    private readonly double _form;
    private readonly double _roughMm;
    private readonly WaveField _rough;

    /// <param name="anchorMm">A point just inside the inner table.</param>
    public ExtraduralLens(PhantomRandom random, HeadField head, Vector3D anchorMm, double thicknessMm, double halfLengthMm)
        : base(head, random.Uniform(0.6, 1), random.Uniform(15, 45))
    {
        (_anchor, _thicknessMm, _halfLengthMm) = (anchorMm, thicknessMm, halfLengthMm);
        _inward = head.InwardNormal(anchorMm);
        var any = Math.Abs(_inward.Z) < 0.9 ? new Vector3D(0, 0, 1) : new Vector3D(0, 1, 0);
        var first = _inward.Cross(any).Normalized();
        var second = _inward.Cross(first);
        var (sin, cos) = Math.SinCos(random.Uniform(-0.5, 0.5));
        (_along, _across) = ((first * cos) + (second * sin), (second * cos) - (first * sin));
        (_aspect, _form) = (random.Uniform(0.65, 1.3), random.Uniform(0.55, 1.1));
        (_roughMm, _rough) = (random.Uniform(0, 0.08) * thicknessMm, new(random, random.Uniform(10, 30)));
        _suture = (_along * random.Gaussian()) + (_across * random.Gaussian());
        _suture = _suture.Normalized();
        _sutureMm = random.Chance(0.35) ? halfLengthMm * random.Uniform(0.2, 0.8) : double.PositiveInfinity;
    }

    public override Vector3D MiddleMm => _anchor;

    protected override double ThicknessMm(Vector3D pointMm)
    {
        var d = pointMm - _anchor;
        var inward = d.Dot(_inward);
        var (u, v) = (d.Dot(_along) / _halfLengthMm, d.Dot(_across) / (_halfLengthMm * _aspect));
        var share = 1 - (u * u) - (v * v);

        // The far side of the head lies over the same place.
        if (share <= 0 || inward > (1.3 * _thicknessMm) + 12)
        {
            return -2 + (Math.Clamp(share, -1, 0) * 6);
        }

        var thickness = (_thicknessMm * Math.Pow(share, _form)) + (_roughMm * _rough.At(pointMm) * Math.Min(1, share * 3));
        return Math.Min(thickness, (_sutureMm - d.Dot(_suture)) * 2);
    }
}
