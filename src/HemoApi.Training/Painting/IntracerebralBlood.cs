using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Volumes;
using HemoApi.Training.Backgrounds;

namespace HemoApi.Training.Painting;

/// <summary>One or several irregular balls, grown into one another or apart, that may break into a ventricle. Also what looks like it and is
/// not blood: calcifications, old infarcts.</summary>
internal sealed class IntracerebralBlood : HeadInsert
{
    private const double CsfHu = 15;
    private readonly Ball[] _balls;
    private readonly double _pressure;
    private readonly double _ventricleReachMm;

    /// <param name="pressure">Share of its volume by which it displaces tissue, 0 to 1.</param>
    /// <param name="ventricleReachMm">Fills ventricles up to so far from its middle; 0 none.</param>
    public IntracerebralBlood(PhantomRandom random, Vector3D centreMm, double radiusMm, double roughness, int satellites, double pressure, double ventricleReachMm)
    {
        var balls = new List<Ball> { new(random, centreMm, radiusMm, roughness) };
        for (; satellites > 0; satellites--)
        {
            var at = centreMm + (random.Direction() * (radiusMm * random.Uniform(0.6, 1.6)));
            balls.Add(new(random, at, radiusMm * random.Uniform(0.2, 0.75), roughness));
        }

        (_balls, _pressure, _ventricleReachMm) = ([.. balls], pressure, ventricleReachMm);
    }

    private IntracerebralBlood(Ball[] balls) => _balls = balls;

    public override Vector3D MiddleMm => _balls[0].CentreMm;

    /// <summary>Salt and pepper: many small ones over a patch of cortex.</summary>
    public static IntracerebralBlood Contusion(PhantomRandom random, Vector3D centreMm, double patchMm, BloodDensity density, double edgeMm)
    {
        var balls = Enumerable.Range(0, random.Integer(3, 14)).Select(_ =>
            new Ball(random, centreMm + (random.Direction() * (patchMm * Math.Pow(random.NextDouble(), 0.5))), random.LogUniform(1.5, Math.Max(2.5, patchMm * 0.45)), 1));
        return new([.. balls])
        {
            Type = HemorrhageType.Ich, Density = density, EdgeMm = edgeMm, Opacity = random.Uniform(0.75, 1), RimHu = -random.Uniform(3, 12), RimMm = random.Uniform(2, 8),
        };
    }

    public override double InsideMm(Vector3D pointMm, in HeadPoint head)
    {
        var inside = double.NegativeInfinity;
        foreach (var ball in _balls)
        {
            inside = Math.Max(inside, ball.InsideMm(pointMm));
        }

        if (_ventricleReachMm > 0 && head.DepthMm > 12 && head.SmoothHu < CsfHu + 3)
        {
            var near = _ventricleReachMm - (pointMm - MiddleMm).Length;
            inside = Math.Max(inside, Math.Min((CsfHu - head.SmoothHu) / 2.5, near));
        }

        return inside;
    }

    /// <summary>Radial, and volume-true: what lay within a radius lies within that volume plus the displaced one.</summary>
    public override Vector3D PushMm(Vector3D pointMm, double depthMm)
    {
        var ball = _balls[0];
        var d = pointMm - ball.CentreMm;
        var distance = d.Length;
        if (_pressure == 0 || distance < ball.RadiusMm || distance > ball.RadiusMm * 4)
        {
            return default;
        }

        var displaced = _pressure * Math.Pow(ball.RadiusMm, 3) * Math.Min(1, depthMm / 10);
        return d * ((Math.Cbrt(Math.Max(0, Math.Pow(distance, 3) - displaced)) / distance) - 1);
    }

    private sealed class Ball
    {
        private readonly Ellipsoid _shape;
        private readonly WaveField _coarse;
        private readonly WaveField _fine;
        private readonly double _roughMm;

        public Ball(PhantomRandom random, Vector3D centreMm, double radiusMm, double roughness)
        {
            (CentreMm, RadiusMm) = (centreMm, radiusMm);
            var radii = new Vector3D(random.Uniform(0.65, 1.1), random.Uniform(0.8, 1.5), random.Uniform(0.7, 1.2)) * radiusMm;
            _shape = new(centreMm, radii, random.Uniform(-90, 90), random.Uniform(-35, 35));
            (_coarse, _fine) = (new(random, radiusMm * random.Uniform(1.4, 3)), new(random, Math.Max(3, radiusMm * random.Uniform(0.4, 0.8))));
            _roughMm = roughness * radiusMm * 0.16;
        }

        public Vector3D CentreMm { get; }

        public double RadiusMm { get; }

        public double InsideMm(Vector3D pointMm)
        {
            var outside = (pointMm - CentreMm).Length - (RadiusMm * 1.6);
            if (outside > 3 * _roughMm)
            {
                return -outside;
            }

            return -_shape.SignedDistanceMm(pointMm) + (_roughMm * (_coarse.At(pointMm) + (0.4 * _fine.At(pointMm))));
        }
    }
}
