using MathNet.Numerics.Distributions;

namespace HemoApi.Imaging.Evaluation.Statistics;

/// <summary>Wilcoxon's signed-rank test of paired differences, two-sided. Differences of zero are left out (Wilcoxon 1945); tied
/// differences share the mean of their ranks.</summary>
/// <param name="Count">Differences other than zero.</param>
/// <param name="Zeros">Differences of zero, left out.</param>
/// <param name="PositiveRankSum">Sum of the ranks of positive differences.</param>
/// <param name="P">1 where every difference is zero.</param>
/// <param name="Exact">From the distribution over all signs of the ranks as they are, ties included; else from the normal approximation,
/// corrected for ties and continuity.</param>
/// <param name="Pseudomedian">Hodges and Lehmann's estimate of the shift: median of the means of all pairs of differences, each with itself
/// too. Zeros count here.</param>
public sealed record WilcoxonSignedRank(int Count, int Zeros, double PositiveRankSum, double P, bool Exact, double Pseudomedian)
{
    /// <summary>Up to here the test is exact.</summary>
    public const int LargestExactCount = 50;

    /// <exception cref="ArgumentException">No differences, or some are not finite.</exception>
    public static WilcoxonSignedRank Of(ReadOnlySpan<double> differences)
    {
        Pairs.Require(differences, differences, fewest: 1);
        var all = differences.ToArray();
        var signed = all.Where(d => d != 0).OrderBy(Math.Abs).ToArray();
        var doubled = DoubledRanks(signed);
        var positive = 0;
        for (var i = 0; i < signed.Length; i++)
        {
            positive += signed[i] > 0 ? doubled[i] : 0;
        }

        var exact = signed.Length <= LargestExactCount;
        var p = signed.Length == 0 ? 1 : exact ? ExactP(doubled, positive) : ApproximateP(doubled, positive);
        return new(signed.Length, all.Length - signed.Length, positive / 2.0, p, exact, PseudomedianOf(all));
    }

    /// <summary>Twice the mid-ranks, so that they are whole numbers.</summary>
    private static int[] DoubledRanks(double[] sorted)
    {
        var ranks = new int[sorted.Length];
        for (var start = 0; start < sorted.Length;)
        {
            var end = start;
            while (end < sorted.Length && Math.Abs(sorted[end]) == Math.Abs(sorted[start]))
            {
                end++;
            }

            ranks.AsSpan(start, end - start).Fill(start + end + 1);
            start = end;
        }

        return ranks;
    }

    private static double ExactP(int[] doubled, int positive)
    {
        // Probability of each sum when every rank is positive or not with one half.
        var total = doubled.Sum();
        var probability = new double[total + 1];
        probability[0] = 1;
        var reached = 0;
        foreach (var rank in doubled)
        {
            for (var sum = reached; sum >= 0; sum--)
            {
                var half = probability[sum] / 2;
                probability[sum] = half;
                probability[sum + rank] += half;
            }

            reached += rank;
        }

        var smaller = Math.Min(positive, total - positive);
        return Math.Min(1, 2 * probability.Take(smaller + 1).Sum());
    }

    private static double ApproximateP(int[] doubled, int positive)
    {
        // Mean and variance over all signs of the ranks as they are, which holds the correction for ties.
        var mean = doubled.Sum() / 4.0;
        var variance = doubled.Sum(rank => rank / 2.0 * (rank / 2.0)) / 4;
        var distance = Math.Abs((positive / 2.0) - mean);
        return Math.Min(1, 2 * Normal.CDF(0, 1, -Math.Max(0, distance - 0.5) / Math.Sqrt(variance)));
    }

    private static double PseudomedianOf(double[] differences)
    {
        var means = new List<double>(differences.Length * (differences.Length + 1) / 2);
        for (var i = 0; i < differences.Length; i++)
        {
            for (var j = i; j < differences.Length; j++)
            {
                means.Add((differences[i] + differences[j]) / 2);
            }
        }

        return Quantiles.Of([.. means], 0.5);
    }
}
