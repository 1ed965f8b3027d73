using HemoApi.Imaging.Evaluation.Statistics;

namespace HemoApi.Imaging.Evaluation.Cohorts;

/// <summary>A figure over cases.</summary>
/// <param name="Count">Cases that have the figure.</param>
/// <param name="Missing">Cases with the type that do not have it: a mask is empty where the figure needs it.</param>
/// <param name="Mean">Absent where no case has it.</param>
/// <param name="Sd">With n − 1.</param>
/// <param name="MeanInterval">95 %, bootstrap (BCa) over cases; absent with fewer than two.</param>
/// <param name="MedianInterval">95 %, bootstrap (BCa) over cases; absent with fewer than two.</param>
public sealed record MetricSummary(
    int Count, int Missing, double? Mean, double? Sd, ConfidenceInterval? MeanInterval, double? Median, ConfidenceInterval? MedianInterval)
{
    private const ulong Seed = 1;

    public static MetricSummary Of(IEnumerable<double?> values)
    {
        var all = values.ToList();
        double[] known = [.. all.OfType<double>()];
        if (known.Length == 0)
        {
            return new(0, all.Count, null, null, null, null, null);
        }

        var summary = Summary.Of(known);
        return new(
            known.Length, all.Count - known.Length, summary.Mean, summary.Sd,
            Interval(known, drawn => drawn.Average()), summary.Median, Interval(known, drawn => Quantiles.Of(drawn, 0.5)));
    }

    private static ConfidenceInterval? Interval(double[] values, Func<double[], double> statistic) => values.Length < 2
        ? null
        : Bootstrap.Interval(values.Length, drawn => statistic(Array.ConvertAll(drawn, i => values[i])), Seed);
}
