using System.Text.Json.Serialization;
using HemoApi.Imaging;
using HemoApi.Imaging.Masks;
using HemoApi.Storage;
using Microsoft.AspNetCore.Mvc;

namespace HemoApi.Analytics;

/// <summary>Which results count: for analytics, for the list of studies and for cohorts of evaluations.</summary>
/// <param name="From">Of studies received at this time or later, ISO 8601.</param>
/// <param name="To">Of studies received before this time, ISO 8601.</param>
/// <param name="HemorrhageType">ICH, EDH or SDH: only results with some.</param>
/// <param name="MinVolumeMl">Only results with at least this volume of that type, or in total where no type is given.</param>
/// <param name="Site">Only studies that were uploaded with this site.</param>
/// <param name="Model">Only results of the model of this id.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record AnalyticsFilter(
    [FromQuery] DateTimeOffset? From,
    [FromQuery] DateTimeOffset? To,
    [FromQuery] string? HemorrhageType,
    [FromQuery] double? MinVolumeMl,
    [FromQuery] string? Site,
    [FromQuery] string? Model)
{
    /// <returns>The fault of a filter that makes no sense, or null.</returns>
    public Fault? Check() =>
        MinVolumeMl is { } volume && !(volume >= 0 && double.IsFinite(volume)) ? new(FaultCodes.RequestInvalid, "minVolumeMl must be 0 or more.", "Give a volume in ml.")
        : HemorrhageType is { } type && HemorrhageTypes.Find(type) is null
            ? new(FaultCodes.RequestInvalid, "hemorrhageType must be ICH, EDH or SDH.", "Leave it out for results of any type.")
        : null;

    /// <summary>Those that pass.</summary>
    public IQueryable<StudyResult> Narrow(IQueryable<StudyResult> results)
    {
        if (From is { } from)
        {
            results = results.Where(r => r.ReceivedAt >= from.ToUniversalTime());
        }

        if (To is { } to)
        {
            results = results.Where(r => r.ReceivedAt < to.ToUniversalTime());
        }

        if (Site is { } site)
        {
            results = results.Where(r => r.Site == site);
        }

        if (Model is { } model)
        {
            results = results.Where(r => r.ModelId == model);
        }

        var least = MinVolumeMl ?? 0;
        return HemorrhageTypes.Find(HemorrhageType) switch
        {
            Imaging.Masks.HemorrhageType.Ich => results.Where(r => r.IchMl > 0 && r.IchMl >= least),
            Imaging.Masks.HemorrhageType.Edh => results.Where(r => r.EdhMl > 0 && r.EdhMl >= least),
            Imaging.Masks.HemorrhageType.Sdh => results.Where(r => r.SdhMl > 0 && r.SdhMl >= least),
            _ => least > 0 ? results.Where(r => r.TotalMl >= least) : results,
        };
    }
}
