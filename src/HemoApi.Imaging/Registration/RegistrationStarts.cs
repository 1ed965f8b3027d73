using HemoApi.Imaging.Volumes;
using MathNet.Numerics.LinearAlgebra;

namespace HemoApi.Imaging.Registration;

/// <summary>Where the search for a motion begins: skull on skull as the heads lie in the scanner, turned from there either way about each axis, and with
/// their principal axes on each other.</summary>
internal static class RegistrationStarts
{
    /// <summary>Heads are scanned on their back: principal axes that ask for more of a turn have been mistaken for each other.</summary>
    private const double MostDegrees = 75;

    public static IEnumerable<RigidMotion> Of(SkullSurface baseline, SkullSurface followUp, double tiltDegrees)
    {
        var (to, from) = (SkullAlignment.Middle(baseline.Points), SkullAlignment.Middle(followUp.Points));
        var tilt = tiltDegrees * Math.PI / 180;
        Vector3D[] turns = [default, .. Both(new(tilt, 0, 0)), .. Both(new(0, tilt, 0)), .. Both(new(0, 0, tilt)), .. Both(new(0, 0, 2 * tilt))];
        foreach (var turn in turns)
        {
            yield return RigidMotion.About(from, turn, to - from);
        }

        // A scan that ends higher or lower has its middle elsewhere, but the same vertex.
        var (top, otherTop) = (Top(baseline), Top(followUp));
        foreach (var turn in turns)
        {
            var aligned = RigidMotion.About(from, turn, to - from);
            yield return RigidMotion.About(default, default, new(0, 0, top - otherTop - (to - from).Z)).After(aligned);
        }

        var (axes, otherAxes) = (Axes(baseline, to), Axes(followUp, from));
        foreach (var (x, y) in ((double, double)[])[(1, 1), (1, -1), (-1, 1), (-1, -1)])
        {
            var motion = RigidMotion.Between(otherAxes, from, (axes.X * x, axes.Y * y, axes.Z * (x * y)), to);
            if (motion.AngleDegrees <= MostDegrees)
            {
                yield return motion;
            }
        }
    }

    private static Vector3D[] Both(Vector3D turn) => [turn, turn * -1];

    /// <summary>A height that few points lie above, so that no single one decides.</summary>
    private static double Top(SkullSurface surface)
    {
        var heights = surface.Points.Select(p => p.LpsMm.Z).Order().ToArray();
        return heights[(int)(0.99 * (heights.Length - 1))];
    }

    private static (Vector3D X, Vector3D Y, Vector3D Z) Axes(SkullSurface surface, Vector3D middle)
    {
        var covariance = Matrix<double>.Build.Dense(3, 3);
        foreach (var point in surface.Points)
        {
            var d = Vector<double>.Build.Dense([point.LpsMm.X - middle.X, point.LpsMm.Y - middle.Y, point.LpsMm.Z - middle.Z]);
            covariance += d.OuterProduct(d);
        }

        var vectors = covariance.Evd(Symmetricity.Symmetric).EigenVectors;
        var x = new Vector3D(vectors[0, 0], vectors[1, 0], vectors[2, 0]);
        var y = new Vector3D(vectors[0, 1], vectors[1, 1], vectors[2, 1]);
        return (x, y, x.Cross(y));
    }
}
