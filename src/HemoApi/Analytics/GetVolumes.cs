using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Imaging.Masks;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace HemoApi.Analytics;

/// <summary>Counts, sums and distributions of the volumes of many results. The database counts; what comes over is a few thousand numbers, however
/// many results there are. A result that completes meanwhile may be in some of the numbers.</summary>
public static class GetVolumes
{
    public const string ByType = "type";
    public const string ByMonth = "month";
    public const string BySite = "site";
    public const string ByModel = "model";

    public static IReadOnlyList<string> Groupings { get; } = [ByType, ByMonth, BySite, ByModel];

    /// <param name="queryId">A saved query that results must pass too.</param>
    /// <param name="groupBy">type (default), month, site or model; each is split by type as well.</param>
    public static async Task<Results<Ok<VolumeStatisticsDocument>, Problem>> Handle(
        [AsParameters] AnalyticsFilter filter,
        [FromQuery] Guid? queryId,
        [FromQuery] string? groupBy,
        HemoDbContext db,
        CancellationToken cancellationToken)
    {
        groupBy ??= ByType;
        if (!Groupings.Contains(groupBy))
        {
            return new Fault(FaultCodes.RequestInvalid, "groupBy is none of type, month, site and model.", "Send one of them, or leave it out to group by type.").ToProblem();
        }

        if (!(await ResultSelection.Of(filter, queryId, db, cancellationToken)).TryGet(out var selection, out var fault))
        {
            return fault.ToProblem();
        }

        var totals = await VolumeBins.Totals(selection.In(db), groupBy, cancellationToken);
        var statistics = new List<VolumeAggregate>();
        foreach (var type in HemorrhageTypes.All)
        {
            var bins = (await VolumeBins.Count(selection.In(db), type, groupBy, cancellationToken)).ToLookup(b => b.Group);
            statistics.AddRange(totals.Select(total => VolumeAggregate.Of(total.Key, type, total.Value, [.. bins[total.Key]])));
        }

        return TypedResults.Ok(new VolumeStatisticsDocument(
            groupBy, [.. statistics.OrderBy(g => groupBy == ByType ? null : g.Group, StringComparer.Ordinal).ThenBy(g => g.Model?.Sha256, StringComparer.Ordinal)]));
    }
}
