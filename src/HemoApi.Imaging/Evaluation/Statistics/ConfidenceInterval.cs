namespace HemoApi.Imaging.Evaluation.Statistics;

/// <summary>A confidence interval; its level is said where it is made, 95 % unless told otherwise.</summary>
public readonly record struct ConfidenceInterval(double Low, double High);

internal static class Pairs
{
    /// <exception cref="ArgumentException">Different lengths, fewer pairs than the method needs, or values that are not finite.</exception>
    public static void Require(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int fewest)
    {
        if (x.Length != y.Length || x.Length < fewest)
        {
            throw new ArgumentException($"needs at least {fewest} pairs, got {x.Length} and {y.Length} values");
        }

        RequireFinite(x);
        RequireFinite(y);
    }

    public static void RequireFinite(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentException("values must be finite: leave out what could not be measured, and say how many that were");
            }
        }
    }

    public static double[] Differences(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var differences = new double[x.Length];
        System.Numerics.Tensors.TensorPrimitives.Subtract(x, y, differences);
        return differences;
    }
}
