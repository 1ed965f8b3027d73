using MathNet.Numerics.Distributions;

namespace HemoApi.Imaging.Evaluation.Statistics;

/// <summary>Bland and Altman's limits of agreement: mean difference ± 1.96 SD (Lancet 1986; 1: 307–310).</summary>
/// <param name="Bias">Mean of x − y.</param>
/// <param name="BiasInterval">95 %, by Student's t.</param>
/// <param name="LowerLimitInterval">95 %, by Student's t with the standard error √(3 / n) · SD of the same paper.</param>
public sealed record BlandAltman(
    int Count,
    double Bias,
    double Sd,
    ConfidenceInterval BiasInterval,
    double LowerLimit,
    ConfidenceInterval LowerLimitInterval,
    double UpperLimit,
    ConfidenceInterval UpperLimitInterval)
{
    /// <exception cref="ArgumentException">Fewer than two pairs, or values that are not finite.</exception>
    public static BlandAltman Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double level = 0.95)
    {
        Pairs.Require(x, y, fewest: 2);
        var summary = Summary.Of(Pairs.Differences(x, y));
        var (n, bias, sd) = (summary.Count, summary.Mean, summary.Sd!.Value);
        var spread = Normal.InvCDF(0, 1, 0.975) * sd;
        var t = StudentT.InvCDF(0, 1, n - 1, (1 + level) / 2);
        return new(
            n, bias, sd, About(bias, sd / Math.Sqrt(n)),
            bias - spread, About(bias - spread, sd * Math.Sqrt(3.0 / n)),
            bias + spread, About(bias + spread, sd * Math.Sqrt(3.0 / n)));

        ConfidenceInterval About(double centre, double error) => new(centre - (t * error), centre + (t * error));
    }
}
