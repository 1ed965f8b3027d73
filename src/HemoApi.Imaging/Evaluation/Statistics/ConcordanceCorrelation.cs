using MathNet.Numerics.Distributions;

namespace HemoApi.Imaging.Evaluation.Statistics;

/// <summary>Lin's concordance correlation coefficient (Lin 1989, Biometrics 45: 255–268): how closely pairs lie to the line y = x.</summary>
/// <param name="Interval">95 % by Fisher's z, with the variance of Lin as corrected in 2000 (Biometrics 56: 324–325).</param>
/// <param name="Precision">Pearson's r: how closely they lie to any line.</param>
/// <param name="Accuracy">How close that line is to y = x.</param>
public sealed record ConcordanceCorrelation(int Count, double Rho, ConfidenceInterval Interval, double Precision, double Accuracy)
{
    /// <exception cref="ArgumentException">Fewer than four pairs, values that are not finite, or all values of one side equal.</exception>
    public static ConcordanceCorrelation Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double level = 0.95)
    {
        var pearson = PearsonCorrelation.Of(x, y, level).R;
        var n = x.Length;
        var moments = Moments.Of(x, y);
        var (varianceX, varianceY, covariance) = (moments.SumXX / n, moments.SumYY / n, moments.SumXY / n);
        var shift = moments.MeanY - moments.MeanX;
        var total = varianceX + varianceY + (shift * shift);
        var (rho, accuracy) = (2 * covariance / total, 2 * Math.Sqrt(varianceX * varianceY) / total);
        var u2 = shift * shift / Math.Sqrt(varianceX * varianceY);
        var rho2 = rho * rho;

        // Lin's terms with accuracy for rho over r, which holds where nothing correlates as well.
        var variance = (((1 - (pearson * pearson)) * accuracy * accuracy * (1 - rho2))
            + (2 * rho2 * accuracy * (1 - rho) * u2)
            - (rho2 * accuracy * accuracy * u2 * u2 / 2)) / (n - 2);
        var half = Normal.InvCDF(0, 1, (1 + level) / 2) * Math.Sqrt(Math.Max(0, variance)) / (1 - rho2);
        var interval = Math.Abs(rho) == 1 ? new ConfidenceInterval(rho, rho) : new(Math.Tanh(Math.Atanh(rho) - half), Math.Tanh(Math.Atanh(rho) + half));
        return new(n, rho, interval, pearson, accuracy);
    }
}
