namespace HemoApi.Benchmarks;

internal static class Quantiles
{
    /// <summary>The smallest value that at least this share of them does not exceed; NaN where there are none.</summary>
    public static double Of(IReadOnlyCollection<double> values, double quantile) =>
        values.Count == 0 ? double.NaN : values.Order().ElementAt((int)Math.Min(values.Count - 1, Math.Ceiling(values.Count * quantile) - 1));
}
