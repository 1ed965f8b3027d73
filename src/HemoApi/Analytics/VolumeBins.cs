using System.Globalization;
using HemoApi.Imaging.Masks;
using HemoApi.Results;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Analytics;

/// <param name="Label">The month (2026-03), the site, or the model's id and version; null where no site was named, and where type alone groups.</param>
/// <param name="Model">Where the groups are models.</param>
public sealed record VolumeGroup(string? Label, ModelReference? Model = null)
{
    internal static VolumeGroup OfMonth(int month) => new(string.Create(CultureInfo.InvariantCulture, $"{month / 100:0000}-{month % 100:00}"));

    internal static VolumeGroup OfModel(string id, string version, string sha256) => new($"{id} {version}", new(id, version, sha256));
}

/// <summary>How many results of a group have a volume within a tenth of a millilitre, and some at all.</summary>
/// <param name="Tenths">Volume × 10, rounded down.</param>
public sealed record VolumeBin(VolumeGroup Group, int Tenths, long Count, double SumMl);

/// <summary>Volumes counted by the database in bins of 0.1 ml, which is finer than any of them is known.</summary>
internal static class VolumeBins
{
    /// <summary>All results of each group, with and without a hemorrhage.</summary>
    public static async Task<IReadOnlyDictionary<VolumeGroup, long>> Totals(IQueryable<StudyResult> results, string groupBy, CancellationToken cancellationToken) => groupBy switch
    {
        GetVolumes.ByMonth => await results.GroupBy(r => r.ReceivedMonth).Select(g => new { g.Key, Count = g.LongCount() })
            .ToDictionaryAsync(g => VolumeGroup.OfMonth(g.Key), g => g.Count, cancellationToken),
        GetVolumes.BySite => await results.GroupBy(r => r.Site).Select(g => new { g.Key, Count = g.LongCount() })
            .ToDictionaryAsync(g => new VolumeGroup(g.Key), g => g.Count, cancellationToken),
        GetVolumes.ByModel => await results.GroupBy(r => new { r.ModelId, r.ModelVersion, r.ModelSha256 }).Select(g => new { g.Key, Count = g.LongCount() })
            .ToDictionaryAsync(g => VolumeGroup.OfModel(g.Key.ModelId, g.Key.ModelVersion, g.Key.ModelSha256), g => g.Count, cancellationToken),
        _ => new Dictionary<VolumeGroup, long> { [new(null)] = await results.LongCountAsync(cancellationToken) },
    };

    /// <summary>Results with this type. Grouped by the bin first: comparing numbers decides most of the sorting, and is much faster than comparing text.</summary>
    public static async Task<IReadOnlyList<VolumeBin>> Count(IQueryable<StudyResult> results, HemorrhageType type, string groupBy, CancellationToken cancellationToken)
    {
        var rows = Rows(results, type);
        return groupBy switch
        {
            GetVolumes.ByMonth => (await rows
                    .GroupBy(r => new { r.Tenths, r.Month })
                    .Select(g => new { g.Key, Count = g.LongCount(), SumMl = g.Sum(r => r.Ml) })
                    .ToListAsync(cancellationToken))
                .ConvertAll(g => new VolumeBin(VolumeGroup.OfMonth(g.Key.Month), g.Key.Tenths, g.Count, g.SumMl)),
            GetVolumes.BySite => (await rows
                    .GroupBy(r => new { r.Tenths, r.Site })
                    .Select(g => new { g.Key, Count = g.LongCount(), SumMl = g.Sum(r => r.Ml) })
                    .ToListAsync(cancellationToken))
                .ConvertAll(g => new VolumeBin(new(g.Key.Site), g.Key.Tenths, g.Count, g.SumMl)),
            GetVolumes.ByModel => (await rows
                    .GroupBy(r => new { r.Tenths, r.ModelId, r.ModelVersion, r.ModelSha256 })
                    .Select(g => new { g.Key, Count = g.LongCount(), SumMl = g.Sum(r => r.Ml) })
                    .ToListAsync(cancellationToken))
                .ConvertAll(g => new VolumeBin(VolumeGroup.OfModel(g.Key.ModelId, g.Key.ModelVersion, g.Key.ModelSha256), g.Key.Tenths, g.Count, g.SumMl)),
            _ => (await rows
                    .GroupBy(r => r.Tenths)
                    .Select(g => new { g.Key, Count = g.LongCount(), SumMl = g.Sum(r => r.Ml) })
                    .ToListAsync(cancellationToken))
                .ConvertAll(g => new VolumeBin(new(null), g.Key, g.Count, g.SumMl)),
        };
    }

    /// <summary>Rounded down by name: what a cast to a whole number does differs from database to database.</summary>
    private static IQueryable<Row> Rows(IQueryable<StudyResult> results, HemorrhageType type) => type switch
    {
        HemorrhageType.Ich => results.Where(r => r.IchMl > 0).Select(r => new Row
        {
            Month = r.ReceivedMonth, Site = r.Site, ModelId = r.ModelId, ModelVersion = r.ModelVersion, ModelSha256 = r.ModelSha256, Ml = r.IchMl, Tenths = (int)Math.Floor(r.IchMl * 10),
        }),
        HemorrhageType.Edh => results.Where(r => r.EdhMl > 0).Select(r => new Row
        {
            Month = r.ReceivedMonth, Site = r.Site, ModelId = r.ModelId, ModelVersion = r.ModelVersion, ModelSha256 = r.ModelSha256, Ml = r.EdhMl, Tenths = (int)Math.Floor(r.EdhMl * 10),
        }),
        _ => results.Where(r => r.SdhMl > 0).Select(r => new Row
        {
            Month = r.ReceivedMonth, Site = r.Site, ModelId = r.ModelId, ModelVersion = r.ModelVersion, ModelSha256 = r.ModelSha256, Ml = r.SdhMl, Tenths = (int)Math.Floor(r.SdhMl * 10),
        }),
    };

    private sealed class Row
    {
        public int Month { get; init; }

        public string? Site { get; init; }

        public string ModelId { get; init; } = "";

        public string ModelVersion { get; init; } = "";

        public string ModelSha256 { get; init; } = "";

        public double Ml { get; init; }

        public int Tenths { get; init; }
    }
}
