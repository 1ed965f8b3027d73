using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Storage;
using HemoApi.Studies;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Queries;

/// <summary>The tenant's saved queries, newest first, a page at a time.</summary>
public static class ListQueries
{
    private const int DefaultLimit = 50;
    private const int MaximumLimit = 200;

    /// <param name="limit">Queries a page, 1 to 200; 50 where absent.</param>
    /// <param name="cursor">The <c>nextCursor</c> of the page before.</param>
    public static async Task<Results<Ok<QueryPage>, Problem>> Handle(
        [FromQuery] int? limit, [FromQuery] string? cursor, HemoDbContext db, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MaximumLimit)
        {
            return new Fault(FaultCodes.RequestInvalid, $"limit must be from 1 to {MaximumLimit}.", "Read further pages with nextCursor.").ToProblem();
        }

        var after = cursor is null ? null : StudyCursor.Parse(cursor);
        if (cursor is not null && after is null)
        {
            return new Fault(
                FaultCodes.RequestInvalid, "cursor is not one that this service gave out.", "Use nextCursor of the page before, or leave cursor out to start anew.").ToProblem();
        }

        IQueryable<SavedQuery> rows = db.Queries.AsNoTracking();
        if (after is not null)
        {
            rows = rows.Where(q => q.CreatedAt <= after.CreatedAt && (q.CreatedAt < after.CreatedAt || q.Id < after.Id));
        }

        var size = limit ?? DefaultLimit;
        var found = await rows.OrderByDescending(q => q.CreatedAt).ThenByDescending(q => q.Id).Take(size + 1).ToListAsync(cancellationToken);
        var page = found.Take(size).ToList();
        var next = found.Count > size ? new StudyCursor(page[^1].CreatedAt, page[^1].Id).ToString() : null;
        return TypedResults.Ok(new QueryPage([.. page.Select(QueryDocument.Of)], next));
    }
}
