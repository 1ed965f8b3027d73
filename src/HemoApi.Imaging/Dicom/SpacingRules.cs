using System.Globalization;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Dicom;

/// <summary>Which distances between slices are a legal scan, and which mean that slices are missing.</summary>
/// <remarks>
/// A gap is compared with the mean thickness of its two slices, so that a stack of thin slices at the skull base and thick
/// ones above is regular: thickness explains the change. What the ratio of both should be is taken from the three gaps on
/// either side, so that overlapping (ratio under 1) and spaced (over 1) scans are regular too.
/// <list type="bullet">
/// <item>A gap that exceeds the larger expectation of its two sides by more than half of the local step is a missing slice: refused.
/// Where thin slices meet thick ones, scanners go on by either step, so a gap up to the larger one passes.</item>
/// <item>A gap that falls short of the smaller one by as much is an overlap: a warning.</item>
/// <item>If more than a quarter of the gaps are of those two kinds there is no regular spacing to compare with: refused as uneven.</item>
/// </list>
/// </remarks>
internal static class SpacingRules
{
    private const int NeighbourGaps = 3;
    private const double ToleratedShareOfStep = 0.5;
    private const double ToleratedShareOfGaps = 0.25;

    /// <summary>What a warning speaks of: a difference of 10 %, and more than rounding.</summary>
    private const double ReportedShare = 0.1;

    private const double ReportedMm = 0.1;

    /// <param name="positions">Along the normal, mm, ascending.</param>
    /// <param name="origins">Of the same slices; for the text.</param>
    public static Fault? Check(double[] positions, double[] thicknesses, Vector3D[] origins)
    {
        var gaps = Gaps(positions);
        var covers = Covers(thicknesses);
        var ratios = gaps.Zip(covers, (gap, cover) => gap / cover).ToArray();
        var irregular = 0;
        var widest = (Gap: -1, Excess: 0.0, Expected: 0.0);
        for (var k = 0; k < gaps.Length; k++)
        {
            var (lowRatio, highRatio) = Sides(ratios, k);
            var (step, largerStep) = Sides(gaps, k);
            var expected = highRatio * covers[k];
            var isSeam = thicknesses[k] != thicknesses[k + 1];
            var widestLegal = Math.Max(expected + (ToleratedShareOfStep * step), isSeam ? largerStep * (1 + ReportedShare) : 0);
            if (gaps[k] > widestLegal)
            {
                irregular++;
                if (gaps[k] - expected > widest.Excess)
                {
                    widest = (k, gaps[k] - expected, expected);
                }
            }
            else if (gaps[k] < (lowRatio * covers[k]) - (ToleratedShareOfStep * step))
            {
                irregular++;
            }
        }

        if (irregular > ToleratedShareOfGaps * gaps.Length)
        {
            return new Fault(
                FaultCodes.GeometryUnevenSpacing,
                $"The distances between the slices follow no rule: {irregular} of {gaps.Length} are irregular, {Mm(gaps.Min())} to {Mm(gaps.Max())} mm.",
                "Send one acquisition of the head, with all of its slices.");
        }

        return widest.Gap < 0 ? null : new Fault(
            FaultCodes.GeometryMissingSlice,
            $"A slice is missing between z = {Mm(origins[widest.Gap].Z)} and {Mm(origins[widest.Gap + 1].Z)} mm: the gap is {Mm(gaps[widest.Gap])} mm where {Mm(widest.Expected)} mm are expected.",
            "Export the series again with all of its slices.");
    }

    public static IEnumerable<ResultWarning> Warnings(double[] positions, double[] thicknesses)
    {
        var gaps = Gaps(positions);
        var covers = Covers(thicknesses);
        if (Differ(gaps.Max(), gaps.Min()))
        {
            var byThickness = thicknesses.GroupBy(t => Math.Round(t, 2)).OrderBy(g => g.Key).ToArray();
            var kinds = byThickness.Length == 1
                ? string.Empty
                : $"; thicknesses are {string.Join(", ", byThickness.Select(g => $"{Mm(g.Key)} mm in {g.Count()} slices"))}";
            yield return new ResultWarning(
                WarningCodes.UnevenSpacing,
                $"Slices are {Mm(gaps.Min())} to {Mm(gaps.Max())} mm apart{kinds}; volumes use the true distances.");
        }

        var differing = Enumerable.Range(0, gaps.Length).Where(k => Differ(gaps[k], covers[k])).ToArray();
        if (differing.Length > 0)
        {
            var overlap = differing.Max(k => covers[k] - gaps[k]);
            var uncovered = differing.Max(k => gaps[k] - covers[k]);
            var extent = (overlap > 0, uncovered > 0) switch
            {
                (true, false) => $"overlap by up to {Mm(overlap)} mm",
                (false, true) => $"leave up to {Mm(uncovered)} mm between them unseen",
                _ => $"overlap by up to {Mm(overlap)} mm or leave up to {Mm(uncovered)} mm unseen",
            };
            yield return new ResultWarning(
                WarningCodes.ThicknessDiffersFromSpacing,
                $"At {differing.Length} of {gaps.Length} places neighbouring slices {extent}; there the volume by thickness differs from the volume by true extent.");
        }
    }

    public static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1
            ? sorted[sorted.Length / 2]
            : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    public static string Mm(double value) => value.ToString("0.0#", CultureInfo.InvariantCulture);

    private static double[] Gaps(double[] positions) => [.. positions.Skip(1).Zip(positions, (above, below) => above - below)];

    /// <summary>Distance at which two neighbours touch: the mean of their thicknesses.</summary>
    private static double[] Covers(double[] thicknesses) => [.. thicknesses.Skip(1).Zip(thicknesses, (above, below) => (above + below) / 2)];

    /// <summary>The medians of the values before and after index k, the smaller first.</summary>
    private static (double Low, double High) Sides(double[] values, int k)
    {
        var before = values[Math.Max(0, k - NeighbourGaps)..k];
        var after = values[(k + 1)..Math.Min(values.Length, k + 1 + NeighbourGaps)];
        var a = Median(before.Length > 0 ? before : after);
        var b = Median(after.Length > 0 ? after : before);
        return (Math.Min(a, b), Math.Max(a, b));
    }

    private static bool Differ(double a, double b) => Math.Abs(a - b) > Math.Max(ReportedMm, ReportedShare * Math.Min(a, b));
}
