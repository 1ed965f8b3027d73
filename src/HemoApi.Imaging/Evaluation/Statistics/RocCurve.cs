using MathNet.Numerics.Distributions;

namespace HemoApi.Imaging.Evaluation.Statistics;

/// <param name="Threshold">Cases of at least this score are called positive; infinite at the first point, where none is.</param>
public readonly record struct RocPoint(double Threshold, double Sensitivity, double FalsePositiveShare);

/// <summary>Receiver operating characteristic of a score, such as a measured volume, for a yes or no, such as hemorrhage.</summary>
/// <param name="Auc">Area: the probability that a positive case scores higher than a negative one, ties counting one half.</param>
/// <param name="AucInterval">95 %, DeLong et al. 1988, cut off at 0 and 1.</param>
/// <param name="Points">From none called positive to all, one for each different score.</param>
public sealed record RocCurve(int Positives, int Negatives, double Auc, ConfidenceInterval AucInterval, IReadOnlyList<RocPoint> Points)
{
    /// <exception cref="ArgumentException">Fewer than two positive or negative cases, or scores that are not finite.</exception>
    public static RocCurve Of(ReadOnlySpan<double> positives, ReadOnlySpan<double> negatives, double level = 0.95)
    {
        Pairs.RequireFinite(positives);
        Pairs.RequireFinite(negatives);
        if (positives.Length < 2 || negatives.Length < 2)
        {
            throw new ArgumentException("needs at least two positive and two negative cases");
        }

        var (p, n) = (positives.ToArray(), negatives.ToArray());
        var ofPositives = p.Select(score => n.Average(other => Wins(score, other))).ToArray();
        var ofNegatives = n.Select(score => p.Average(other => Wins(other, score))).ToArray();
        var auc = ofPositives.Average();
        var error = Math.Sqrt((Variance(ofPositives, auc) / p.Length) + (Variance(ofNegatives, auc) / n.Length));
        var half = Normal.InvCDF(0, 1, (1 + level) / 2) * error;
        return new(p.Length, n.Length, auc, new(Math.Max(0, auc - half), Math.Min(1, auc + half)), PointsOf(p, n));
    }

    private static double Wins(double positive, double negative) => positive > negative ? 1 : positive == negative ? 0.5 : 0;

    private static double Variance(double[] values, double mean) => values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1);

    private static List<RocPoint> PointsOf(double[] positives, double[] negatives) =>
    [
        new(double.PositiveInfinity, 0, 0),
        .. positives.Concat(negatives).Distinct().OrderDescending().Select(threshold => new RocPoint(
            threshold,
            (double)positives.Count(s => s >= threshold) / positives.Length,
            (double)negatives.Count(s => s >= threshold) / negatives.Length)),
    ];
}
