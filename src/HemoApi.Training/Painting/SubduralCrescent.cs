using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Volumes;
using HemoApi.Training.Backgrounds;

namespace HemoApi.Training.Painting;

/// <summary>Subdural blood over one hemisphere: a crescent that crosses sutures, thins out to its ends and stops at the falx.</summary>
internal sealed class SubduralCrescent : ExtraAxialBlood
{
    private readonly Vector3D _anchor;
    private readonly double _side;
    private readonly double _azimuth;
    private readonly double _height;
    private readonly double _halfAngle;
    private readonly double _halfHeightMm;
    private readonly double _thicknessMm;
    private readonly double _taper;
    private readonly double _ripple;
    private readonly double _overMidlineMm;
    private readonly WaveField _waves;

    /// <param name="anchorMm">A point just inside the inner table.</param>
    /// <param name="halfAngle">Radians of azimuth, seen from the middle of the head.</param>
    public SubduralCrescent(PhantomRandom random, HeadField head, Vector3D anchorMm, double thicknessMm, double halfAngle, double halfHeightMm)
        : base(head, random.Uniform(0.5, 1), random.Uniform(20, 60))
    {
        _anchor = anchorMm;
        _side = anchorMm.X < 0 ? -1 : 1;
        (_azimuth, _height) = (Math.Atan2(anchorMm.Y, anchorMm.X), anchorMm.Z);
        (_thicknessMm, _halfAngle, _halfHeightMm) = (thicknessMm, halfAngle, halfHeightMm);
        (_taper, _ripple) = (random.Uniform(0.35, 1.1), random.Uniform(0, 0.3));
        _overMidlineMm = random.Uniform(-3, 1);
        _waves = new(random, random.Uniform(15, 45));
    }

    public override Vector3D MiddleMm => _anchor;

    protected override double ThicknessMm(Vector3D pointMm)
    {
        var azimuth = Math.IEEERemainder(Math.Atan2(pointMm.Y, pointMm.X) - _azimuth, 2 * Math.PI) / _halfAngle;
        var height = (pointMm.Z - _height) / _halfHeightMm;
        var share = 1 - (azimuth * azimuth) - (height * height);
        if (share <= 0)
        {
            return -1.5 + (Math.Max(-1, share) * 6);
        }

        var thickness = _thicknessMm * Math.Pow(share, _taper) * Math.Max(0, 1 + (_ripple * _waves.At(pointMm)));
        return Math.Min(thickness, ((_side * pointMm.X) + _overMidlineMm) * 1.5);
    }
}
