using HemoApi.Hosting;
using HemoApi.Storage;
using HemoApi.Studies;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Evaluations;

/// <summary>The tenant's evaluations, newest first, a page at a time.</summary>
public static class ListEvaluations
{
    private const int DefaultLimit = 50;
    private const int MaximumLimit = 200;

    /// <param name="limit">Evaluations a page, 1 to 200; 50 where absent.</param>
    /// <param name="cursor">The <c>nextCursor</c> of the page before.</param>
    public static async Task<Results<Ok<EvaluationPage>, Problem>> Handle(
        [FromQuery] int? limit, [FromQuery] string? cursor, HemoDbContext db, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MaximumLimit)
        {
            return EvaluationFaults.Invalid($"limit must be from 1 to {MaximumLimit}.", "Read further pages with nextCursor.").ToProblem();
        }

        var after = cursor is null ? null : StudyCursor.Parse(cursor);
        if (cursor is not null && after is null)
        {
            return EvaluationFaults.Invalid("cursor is not one that this service gave out.", "Use nextCursor of the page before, or leave cursor out to start anew.").ToProblem();
        }

        IQueryable<Evaluation> rows = db.Evaluations.AsNoTracking();
        if (after is not null)
        {
            rows = rows.Where(e => e.CreatedAt <= after.CreatedAt && (e.CreatedAt < after.CreatedAt || e.Id < after.Id));
        }

        var size = limit ?? DefaultLimit;
        var found = await rows.OrderByDescending(e => e.CreatedAt).ThenByDescending(e => e.Id).Take(size + 1).ToListAsync(cancellationToken);
        var page = found.Take(size).ToList();
        var next = found.Count > size ? new StudyCursor(page[^1].CreatedAt, page[^1].Id).ToString() : null;
        return TypedResults.Ok(new EvaluationPage([.. page.Select(EvaluationDocument.Of)], next));
    }
}
