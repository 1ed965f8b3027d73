using System.Globalization;
using HemoApi.Imaging.Masks;
using HemoApi.Results;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Analytics;

/// <param name="Label">The month (2026-03), the site, or the model's id and version; null where no site was named.</param>
/// <param name="Model">Where the groups are models.</param>
public sealed record VolumeGroup(string? Label, ModelReference? Model = null);

/// <summary>How many results of a group have a volume within a tenth of a millilitre.</summary>
/// <param name="Tenths">Volume × 10, rounded down; <see cref="None"/> where nothing was found.</param>
public sealed record VolumeBin(VolumeGroup Group, int Tenths, int Count, double SumMl)
{
    public const int None = -1;
}

/// <summary>Volumes counted by the database in bins of 0.1 ml, which is finer than any of them is known.</summary>
internal static class VolumeBins
{
    public static async Task<IReadOnlyList<VolumeBin>> Count(
        IQueryable<StudyResult> results, HemorrhageType type, string groupBy, CancellationToken cancellationToken)
    {
        var rows = Rows(results, type);
        return groupBy switch
        {
            GetVolumes.ByMonth => (await rows
                    .GroupBy(r => new { r.Month, r.Tenths })
                    .Select(g => new { g.Key, Count = g.Count(), SumMl = g.Sum(r => r.Ml) })
                    .ToListAsync(cancellationToken))
                .ConvertAll(g => new VolumeBin(new(string.Create(CultureInfo.InvariantCulture, $"{g.Key.Month / 100:0000}-{g.Key.Month % 100:00}")), g.Key.Tenths, g.Count, g.SumMl)),
            GetVolumes.BySite => (await rows
                    .GroupBy(r => new { r.Site, r.Tenths })
                    .Select(g => new { g.Key, Count = g.Count(), SumMl = g.Sum(r => r.Ml) })
                    .ToListAsync(cancellationToken))
                .ConvertAll(g => new VolumeBin(new(g.Key.Site), g.Key.Tenths, g.Count, g.SumMl)),
            GetVolumes.ByModel => (await rows
                    .GroupBy(r => new { r.ModelId, r.ModelVersion, r.ModelSha256, r.Tenths })
                    .Select(g => new { g.Key, Count = g.Count(), SumMl = g.Sum(r => r.Ml) })
                    .ToListAsync(cancellationToken))
                .ConvertAll(g => new VolumeBin(
                    new($"{g.Key.ModelId} {g.Key.ModelVersion}", new(g.Key.ModelId, g.Key.ModelVersion, g.Key.ModelSha256)), g.Key.Tenths, g.Count, g.SumMl)),
            _ => (await rows
                    .GroupBy(r => r.Tenths)
                    .Select(g => new { g.Key, Count = g.Count(), SumMl = g.Sum(r => r.Ml) })
                    .ToListAsync(cancellationToken))
                .ConvertAll(g => new VolumeBin(new(type.Code()), g.Key, g.Count, g.SumMl)),
        };
    }

    private static IQueryable<Row> Rows(IQueryable<StudyResult> results, HemorrhageType type) => type switch
    {
        HemorrhageType.Ich => results.Select(r => new Row
        {
            Month = r.ReceivedMonth, Site = r.Site, ModelId = r.ModelId, ModelVersion = r.ModelVersion, ModelSha256 = r.ModelSha256,
            Ml = r.IchMl, Tenths = r.IchMl > 0 ? (int)(r.IchMl * 10) : VolumeBin.None,
        }),
        HemorrhageType.Edh => results.Select(r => new Row
        {
            Month = r.ReceivedMonth, Site = r.Site, ModelId = r.ModelId, ModelVersion = r.ModelVersion, ModelSha256 = r.ModelSha256,
            Ml = r.EdhMl, Tenths = r.EdhMl > 0 ? (int)(r.EdhMl * 10) : VolumeBin.None,
        }),
        _ => results.Select(r => new Row
        {
            Month = r.ReceivedMonth, Site = r.Site, ModelId = r.ModelId, ModelVersion = r.ModelVersion, ModelSha256 = r.ModelSha256,
            Ml = r.SdhMl, Tenths = r.SdhMl > 0 ? (int)(r.SdhMl * 10) : VolumeBin.None,
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
