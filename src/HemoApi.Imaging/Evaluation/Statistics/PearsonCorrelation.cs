using MathNet.Numerics.Distributions;

namespace HemoApi.Imaging.Evaluation.Statistics;

/// <summary>Pearson's product-moment correlation.</summary>
/// <param name="Interval">95 % by Fisher's z.</param>
/// <param name="P">Two-sided, of no correlation, by Student's t with n − 2 degrees of freedom.</param>
public sealed record PearsonCorrelation(int Count, double R, ConfidenceInterval Interval, double P)
{
    /// <exception cref="ArgumentException">Fewer than four pairs, values that are not finite, or all values of one side equal.</exception>
    public static PearsonCorrelation Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double level = 0.95)
    {
        Pairs.Require(x, y, fewest: 4);
        var (moments, count) = (Moments.Of(x, y), x.Length);
        if (IsConstant(moments.SumXX, moments.MeanX, count) || IsConstant(moments.SumYY, moments.MeanY, count))
        {
            throw new ArgumentException("values that are all equal correlate with nothing");
        }

        var r = Math.Clamp(moments.SumXY / Math.Sqrt(moments.SumXX * moments.SumYY), -1, 1);
        var freedom = count - 2;
        var t = r * Math.Sqrt(freedom / (1 - (r * r)));
        var half = Normal.InvCDF(0, 1, (1 + level) / 2) / Math.Sqrt(count - 3);
        return new(
            count,
            r,
            new(Math.Tanh(Math.Atanh(r) - half), Math.Tanh(Math.Atanh(r) + half)),
            Math.Abs(r) == 1 ? 0 : 2 * StudentT.CDF(0, 1, freedom, -Math.Abs(t)));
    }

    /// <summary>Equal values that were summed in another order differ in their last bits.</summary>
    private static bool IsConstant(double sumOfSquares, double mean, int count) => sumOfSquares <= count * mean * mean * 1e-24;
}

/// <summary>Means, and sums of squared and mixed deviations from them.</summary>
internal readonly record struct Moments(double MeanX, double MeanY, double SumXX, double SumYY, double SumXY)
{
    public static Moments Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var (meanX, meanY) = (0.0, 0.0);
        for (var i = 0; i < x.Length; i++)
        {
            (meanX, meanY) = (meanX + (x[i] / x.Length), meanY + (y[i] / x.Length));
        }

        var (xx, yy, xy) = (0.0, 0.0, 0.0);
        for (var i = 0; i < x.Length; i++)
        {
            var (dx, dy) = (x[i] - meanX, y[i] - meanY);
            (xx, yy, xy) = (xx + (dx * dx), yy + (dy * dy), xy + (dx * dy));
        }

        return new(meanX, meanY, xx, yy, xy);
    }
}
