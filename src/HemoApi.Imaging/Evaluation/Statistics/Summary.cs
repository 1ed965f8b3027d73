namespace HemoApi.Imaging.Evaluation.Statistics;

/// <param name="Sd">With n − 1; null for a single value.</param>
/// <param name="MeanAbsolute">Mean of the absolute values: of differences, how far off they are whichever way.</param>
public sealed record Summary(int Count, double Mean, double? Sd, double Median, double MeanAbsolute)
{
    /// <exception cref="ArgumentException">No values, or some are not finite.</exception>
    public static Summary Of(ReadOnlySpan<double> values)
    {
        Pairs.RequireFinite(values);
        if (values.IsEmpty)
        {
            throw new ArgumentException("there is nothing to summarise", nameof(values));
        }

        var all = values.ToArray();
        var mean = all.Average();
        double? sd = all.Length > 1 ? Math.Sqrt(all.Sum(v => (v - mean) * (v - mean)) / (all.Length - 1)) : null;
        return new(all.Length, mean, sd, Quantiles.Of(all, 0.5), all.Average(Math.Abs));
    }
}

public static class Quantiles
{
    /// <summary>Linear between order statistics (Hyndman and Fan 1996, type 7; the default of NumPy and R).</summary>
    /// <exception cref="ArgumentException">No values, or a share outside of [0, 1].</exception>
    public static double Of(ReadOnlySpan<double> values, double share)
    {
        if (values.IsEmpty || share is not (>= 0 and <= 1))
        {
            throw new ArgumentException("needs values and a share from 0 to 1");
        }

        var sorted = values.ToArray();
        Array.Sort(sorted);
        var position = share * (sorted.Length - 1);
        var low = (int)Math.Floor(position);
        var high = Math.Min(low + 1, sorted.Length - 1);
        return sorted[low] + ((position - low) * (sorted[high] - sorted[low]));
    }
}
