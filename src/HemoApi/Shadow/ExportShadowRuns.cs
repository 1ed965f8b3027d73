using HemoApi.Analytics;
using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.AspNetCore.Mvc;

namespace HemoApi.Shadow;

/// <summary>Every paired difference as CSV, made while it is sent.</summary>
public static class ExportShadowRuns
{
    /// <param name="model">Only runs of the shadow model of this id.</param>
    public static StreamedFile Handle([FromQuery] string? model, HemoDbContext db) => new(
        $"{ExportResults.CsvType}; charset=utf-8; header=present",
        "shadow-runs.csv",
        (response, cancellationToken) => ShadowRunsCsv.Write(response.BodyWriter, ListShadowRuns.Ended(db, model), cancellationToken));
}
