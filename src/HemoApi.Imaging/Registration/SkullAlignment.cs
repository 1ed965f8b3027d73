using HemoApi.Imaging.Volumes;
using MathNet.Numerics.LinearAlgebra;

namespace HemoApi.Imaging.Registration;

/// <summary>Iterated closest points from surface to plane (Chen and Medioni 1992), in both directions at once, with Tukey's biweight: points of
/// what has moved by itself (the jaw, the neck) or lies in one scan only count for nothing.</summary>
internal sealed class SkullAlignment
{
    private const double CoarseReachMm = 24;

    /// <summary>A counterpart that lies further aside is the rim of what the other scan shows, and would pull the surface over it (Turk and Levoy 1994).
    /// In the slice; half the distance between slices comes on top.</summary>
    private const double AsideMm = 1.5;

    /// <summary>In the slice. The nearest point may lie on the nearest slice, so half the distance between slices comes on top.</summary>
    private const double FineReachMm = 2.5;

    /// <summary>A skull is nearly round: surfaces slide on each other, and a step along the normals alone would turn without end. As a share of the mean
    /// curvature (Levenberg and Marquardt).</summary>
    private const double CoarseDamping = 0.1;
    private const double FineDamping = 1e-4;

    /// <summary>The linearisation holds for small turns only.</summary>
    private const double MostRadians = 0.12;

    /// <summary>No residual can be trusted beyond this: half a pixel and the noise.</summary>
    private const double LeastScaleMm = 0.15;

    private readonly SurfaceIndex _baselineIndex;
    private readonly SurfaceIndex _followUpIndex;
    private readonly double _reachMm;
    private readonly double _asideMm;

    public SkullAlignment(SkullSurface baseline, SkullSurface followUp)
    {
        _baselineIndex = new(baseline.Points);
        _followUpIndex = new(followUp.Points);
        MiddleLpsMm = Middle(baseline.Points);
        var betweenSlices = Math.Max(baseline.SliceSpacingMm, followUp.SliceSpacingMm) / 2;
        (_reachMm, _asideMm) = (FineReachMm + betweenSlices, AsideMm + betweenSlices);
    }

    /// <summary>Of the baseline's skull.</summary>
    public Vector3D MiddleLpsMm { get; }

    public static Vector3D Middle(IReadOnlyList<SurfacePoint> points) =>
        points.Aggregate(default(Vector3D), (sum, p) => sum + p.LpsMm) * (1.0 / Math.Max(1, points.Count));

    /// <summary>From far: the reach shrinks with each step.</summary>
    public RigidMotion Approach(RigidMotion start, Samples samples, int steps)
    {
        var motion = start;
        for (var i = 0; i < steps; i++)
        {
            var reach = Math.Max(_reachMm, CoarseReachMm * Math.Pow(_reachMm / CoarseReachMm, i / (double)(steps - 1)));
            motion = Step(motion, samples, reach, CoarseDamping, out _);
        }

        return motion;
    }

    /// <summary>From near: until it stands still.</summary>
    public RigidMotion Settle(RigidMotion start, Samples samples, int mostSteps = 40)
    {
        var motion = start;
        for (var i = 0; i < mostSteps; i++)
        {
            motion = Step(motion, samples, _reachMm, FineDamping, out var movedMm);
            if (movedMm < 0.002)
            {
                break;
            }
        }

        return motion;
    }

    /// <summary>Distances, mm along the normal, from points to the other scan's surface; points whose counterpart is further away have none.</summary>
    /// <returns>For the points of the baseline, and for those of the follow-up.</returns>
    public (double[] Baseline, double[] FollowUp) ResidualsMm(RigidMotion motion, Samples samples, double withinMm)
    {
        var pairs = Pairs(motion, samples, _reachMm).Where(p => Math.Abs(p.ResidualMm) <= withinMm).ToList();
        double[] Of(bool fromBaseline) => [.. pairs.Where(p => p.FromBaseline == fromBaseline).Select(p => Math.Abs(p.ResidualMm))];
        return (Of(fromBaseline: true), Of(fromBaseline: false));
    }

    private RigidMotion Step(RigidMotion motion, Samples samples, double reachMm, double damping, out double movedMm)
    {
        const double LeverMm = 80;
        var pairs = Pairs(motion, samples, reachMm).ToList();
        movedMm = 0;
        if (pairs.Count < 6)
        {
            return motion;
        }

        var absolute = pairs.Select(p => Math.Abs(p.ResidualMm)).Order().ToArray();
        var cut = 4.685 * 1.4826 * Math.Max(LeastScaleMm, absolute[absolute.Length / 2]);
        var normal = Matrix<double>.Build.Dense(6, 6);
        var right = Vector<double>.Build.Dense(6);
        Span<double> row = stackalloc double[6];
        foreach (var pair in pairs)
        {
            var scaled = pair.ResidualMm / cut;
            if (Math.Abs(scaled) >= 1)
            {
                continue;
            }

            var weight = (1 - (scaled * scaled)) * (1 - (scaled * scaled));
            var lever = (pair.At - MiddleLpsMm).Cross(pair.Normal) * (1 / LeverMm);
            (row[0], row[1], row[2], row[3], row[4], row[5]) = (lever.X, lever.Y, lever.Z, pair.Normal.X, pair.Normal.Y, pair.Normal.Z);
            for (var i = 0; i < 6; i++)
            {
                right[i] -= weight * row[i] * pair.ResidualMm;
                for (var j = 0; j < 6; j++)
                {
                    normal[i, j] += weight * row[i] * row[j];
                }
            }
        }

        var diagonal = damping * normal.Trace() / 6;
        for (var i = 0; i < 6; i++)
        {
            normal[i, i] += diagonal;
        }

        var move = normal.Solve(right);
        var turn = new Vector3D(move[0], move[1], move[2]) * (1 / LeverMm);
        var share = Math.Min(1, MostRadians / Math.Max(turn.Length, 1e-12));
        movedMm = move.AbsoluteMaximum() * share;
        return RigidMotion.About(MiddleLpsMm, turn * share, new Vector3D(move[3], move[4], move[5]) * share).After(motion);
    }

    private IEnumerable<Pair> Pairs(RigidMotion motion, Samples samples, double reachMm)
    {
        foreach (var point in samples.FollowUp)
        {
            var (at, normal) = (motion.Apply(point.LpsMm), motion.Turn(point.Normal));
            if (_baselineIndex.TryFind(at, normal, reachMm, out var there) && IsOpposite(at - there.LpsMm, there.Normal, out var residual))
            {
                yield return new(at, there.Normal, residual, FromBaseline: false);
            }
        }

        var back = motion.Inverse();
        foreach (var point in samples.Baseline)
        {
            if (_followUpIndex.TryFind(back.Apply(point.LpsMm), back.Turn(point.Normal), reachMm, out var there))
            {
                var (at, normal) = (motion.Apply(there.LpsMm), motion.Turn(there.Normal));
                if (IsOpposite(at - point.LpsMm, normal, out var residual))
                {
                    yield return new(at, normal, residual, FromBaseline: true);
                }
            }
        }
    }

    private bool IsOpposite(Vector3D apart, Vector3D normal, out double alongMm)
    {
        alongMm = apart.Dot(normal);
        return apart.Dot(apart) - (alongMm * alongMm) <= _asideMm * _asideMm;
    }

    /// <param name="At">LPS mm of the baseline: where the moving surface is.</param>
    /// <param name="ResidualMm">How far it has to go back along the normal.</param>
    private readonly record struct Pair(Vector3D At, Vector3D Normal, double ResidualMm, bool FromBaseline);

    /// <summary>The points that look for a counterpart.</summary>
    public sealed record Samples(IReadOnlyList<SurfacePoint> Baseline, IReadOnlyList<SurfacePoint> FollowUp)
    {
        /// <summary>Spread evenly over both surfaces.</summary>
        public static Samples Of(SkullSurface baseline, SkullSurface followUp, int count) => new(Some(baseline.Points, count), Some(followUp.Points, count));

        private static SurfacePoint[] Some(IReadOnlyList<SurfacePoint> points, int count)
        {
            count = Math.Min(count, points.Count);
            return [.. Enumerable.Range(0, count).Select(i => points[(int)((long)i * points.Count / count)])];
        }
    }
}
