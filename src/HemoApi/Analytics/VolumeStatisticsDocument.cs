using HemoApi.Imaging.Masks;
using HemoApi.Results;

namespace HemoApi.Analytics;

/// <summary>Volumes of many results, one entry for each group and type.</summary>
/// <param name="GroupBy">type, month, site or model.</param>
public sealed record VolumeStatisticsDocument(string GroupBy, IReadOnlyList<VolumeAggregate> Groups);

/// <param name="Group">The month in which the study was received (UTC, `2026-03`), the site, or the model's id and version; absent where no site was named, and in groups by type alone.</param>
/// <param name="Model">Of groups by model; an empty one for results of versions that did not record it and whose document is gone.</param>
/// <param name="Type">ICH, EDH or SDH.</param>
/// <param name="Results">Results in the group, with and without this type.</param>
/// <param name="Positives">Results with some.</param>
/// <param name="SumMl">Of their volumes.</param>
/// <param name="MeanMl">Of the positives; absent where there is none.</param>
/// <param name="PercentilesMl">Of the positives, right to 0.1 ml; absent where there is none.</param>
/// <param name="Histogram">Positives by volume.</param>
public sealed record VolumeAggregate(
    string? Group,
    ModelReference? Model,
    string Type,
    long Results,
    long Positives,
    double SumMl,
    double? MeanMl,
    VolumePercentiles? PercentilesMl,
    IReadOnlyList<HistogramBin> Histogram)
{
    /// <summary>Lower ends of the histogram's bins, ml. 30 and 60 ml are those at which the literature divides intracerebral hemorrhage.</summary>
    private static readonly int[] EdgesMl = [0, 1, 2, 5, 10, 20, 30, 60, 100];

    /// <param name="bins">Of results with this type.</param>
    internal static VolumeAggregate Of(VolumeGroup group, HemorrhageType type, long results, IReadOnlyList<VolumeBin> bins)
    {
        VolumeBin[] positive = [.. bins.OrderBy(b => b.Tenths)];
        var (positives, sum) = (positive.Sum(b => b.Count), positive.Sum(b => b.SumMl));
        return new(
            group.Label,
            group.Model,
            type.Code(),
            results,
            positives,
            sum,
            positives > 0 ? sum / positives : null,
            positives > 0 ? VolumePercentiles.Of(positive, positives) : null,
            [.. EdgesMl.Select((from, i) =>
            {
                int? to = i + 1 < EdgesMl.Length ? EdgesMl[i + 1] : null;
                return new HistogramBin(from, to, positive.Where(b => b.Tenths >= 10 * from && (to is null || b.Tenths < 10 * to)).Sum(b => b.Count));
            })]);
    }
}

/// <param name="FromMl">This volume or more.</param>
/// <param name="ToMl">Less than this; absent in the last bin.</param>
public sealed record HistogramBin(double FromMl, double? ToMl, long Count);

/// <summary>Volumes that 5, 25, 50, 75 and 95 % of the positives do not exceed.</summary>
public sealed record VolumePercentiles(double P5, double P25, double P50, double P75, double P95)
{
    internal static VolumePercentiles Of(IReadOnlyList<VolumeBin> ascending, long count)
    {
        return new(At(0.05), At(0.25), At(0.5), At(0.75), At(0.95));

        // The nearest rank (Hyndman and Fan 1996, definition 1), placed within its bin as if the bin were evenly filled.
        double At(double share)
        {
            var rank = Math.Max(1, (long)Math.Ceiling(share * count));
            foreach (var bin in ascending)
            {
                if (rank <= bin.Count)
                {
                    return bin.Count == 1 ? bin.SumMl : (bin.Tenths + ((rank - 0.5) / bin.Count)) / 10;
                }

                rank -= bin.Count;
            }

            throw new InvalidOperationException("a rank beyond the last result");
        }
    }
}
