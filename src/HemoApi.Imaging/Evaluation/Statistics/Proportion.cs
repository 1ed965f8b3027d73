using MathNet.Numerics.Distributions;

namespace HemoApi.Imaging.Evaluation.Statistics;

/// <summary>A share of cases, such as a sensitivity.</summary>
/// <param name="Interval">95 % by Wilson's score (1927), without correction for continuity; it holds for shares of 0 and 1 as well.</param>
public sealed record Proportion(int Hits, int Count, double Share, ConfidenceInterval Interval)
{
    /// <exception cref="ArgumentOutOfRangeException">No cases, or hits outside of 0 to their number.</exception>
    public static Proportion Of(int hits, int count, double level = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegative(hits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hits, count);
        var (share, z) = ((double)hits / count, Normal.InvCDF(0, 1, (1 + level) / 2));
        var z2 = z * z;
        var centre = (share + (z2 / (2 * count))) / (1 + (z2 / count));
        var half = z / (1 + (z2 / count)) * Math.Sqrt((share * (1 - share) / count) + (z2 / (4.0 * count * count)));
        return new(hits, count, share, new(hits == 0 ? 0 : centre - half, hits == count ? 1 : centre + half));
    }
}
