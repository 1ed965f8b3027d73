using HemoApi.Storage;
using Microsoft.AspNetCore.Mvc;

namespace HemoApi.Shadow;

/// <summary>Every paired difference as CSV, made while it is sent.</summary>
public static class ExportShadowRuns
{
    /// <param name="model">Only runs of the shadow model of this id.</param>
    public static ExportedShadowRuns Handle([FromQuery] string? model, HemoDbContext db) => new(db, model);
}

/// <summary>The file. A failure after its first bytes breaks the connection off, so that no half file passes for a whole.</summary>
public sealed class ExportedShadowRuns(HemoDbContext db, string? model) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = $"{Analytics.ExportResults.CsvType}; charset=utf-8; header=present";
        response.Headers.ContentDisposition = "attachment; filename=shadow-runs.csv";
        await ShadowRunsCsv.Write(response.BodyWriter, ListShadowRuns.Ended(db, model), httpContext.RequestAborted);
    }
}
