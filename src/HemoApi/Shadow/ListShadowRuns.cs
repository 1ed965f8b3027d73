using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Shadow;

/// <summary>The tenant's studies that a second model has measured too; those on which the two differ most come first.</summary>
public static class ListShadowRuns
{
    private const int DefaultLimit = 50;
    private const int MaximumLimit = 200;

    /// <param name="model">Only runs of the shadow model of this id.</param>
    /// <param name="limit">Runs a page, 1 to 200; 50 where absent.</param>
    /// <param name="cursor">The <c>nextCursor</c> of the page before.</param>
    public static async Task<Results<Ok<ShadowRunPage>, Problem>> Handle(
        [FromQuery] string? model, [FromQuery] int? limit, [FromQuery] string? cursor, HemoDbContext db, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MaximumLimit)
        {
            return new Fault(FaultCodes.RequestInvalid, $"limit must be from 1 to {MaximumLimit}.", "Read further pages with nextCursor.").ToProblem();
        }

        var after = cursor is null ? null : ShadowCursor.Parse(cursor);
        if (cursor is not null && after is null)
        {
            return new Fault(
                FaultCodes.RequestInvalid, "cursor is not one that this service gave out.", "Use nextCursor of the page before, or leave cursor out to start anew.").ToProblem();
        }

        var size = limit ?? DefaultLimit;
        var found = await After(Ended(db, model), after).Take(size + 1).ToListAsync(cancellationToken);
        var page = found.Take(size).ToList();
        return TypedResults.Ok(new ShadowRunPage(
            [.. page.Select(ShadowRunDocument.Of)], found.Count > size ? new ShadowCursor(page[^1].DifferentMl, page[^1].Id).ToString() : null));
    }

    /// <summary>Runs that have figures.</summary>
    internal static IQueryable<ShadowRun> Ended(HemoDbContext db, string? model)
    {
        var runs = db.ShadowRuns.AsNoTracking().Where(r => r.Status == JobStatus.Succeeded);
        return model is null ? runs : runs.Where(r => r.ModelId == model);
    }

    /// <summary>In order, from behind that one.</summary>
    internal static IQueryable<ShadowRun> After(IQueryable<ShadowRun> runs, ShadowCursor? after)
    {
        var rest = after is null
            ? runs
            : runs.Where(r => r.DifferentMl <= after.DifferentMl && (r.DifferentMl < after.DifferentMl || r.Id < after.Id));
        return rest.OrderByDescending(r => r.DifferentMl).ThenByDescending(r => r.Id);
    }
}
