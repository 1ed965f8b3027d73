using System.Globalization;
using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Jobs;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Changes;

/// <summary>The tenant's changes from behind a cursor, oldest first.</summary>
public static class ListChanges
{
    private const int DefaultLimit = 50;
    private const int MaximumLimit = 200;

    internal static Fault Expired { get; } = new(
        FaultCodes.ChangesExpired,
        "Changes after this cursor are so old that they are no longer kept.",
        "Read GET /api/v1/studies to see what there is, then go on with the changes from the oldest one that is kept: leave since out.");

    /// <param name="since">The <c>nextCursor</c> of the answer before; from the oldest change that is kept where absent.</param>
    /// <param name="limit">Changes a page, 1 to 200; 50 where absent.</param>
    /// <param name="waitSeconds">0 to 60: how long to hold the answer back while there is nothing new.</param>
    public static async Task<Results<Ok<ChangePage>, Problem>> Handle(
        [FromQuery] string? since, [FromQuery] int? limit, HemoDbContext db, Caller caller, LongPoll poll, CancellationToken cancellationToken, int waitSeconds = 0)
    {
        if (limit is < 1 or > MaximumLimit)
        {
            return new Fault(FaultCodes.RequestInvalid, $"limit must be from 1 to {MaximumLimit}.", "Read further changes with nextCursor.").ToProblem();
        }

        var last = await db.Tenants.Where(t => t.Id == caller.TenantId).Select(t => t.LastChange).SingleAsync(cancellationToken);
        var after = 0L;
        if (since is null)
        {
            after = (await db.Changes.MinAsync(c => (long?)c.Sequence, cancellationToken) - 1) ?? last;
        }
        else if (!long.TryParse(since, NumberStyles.None, CultureInfo.InvariantCulture, out after) || after > last)
        {
            // Beyond the end: of another tenant or service, or the database is a backup from before. To go on would miss what is to come.
            return new Fault(
                FaultCodes.RequestInvalid,
                "since is not a cursor that this service gave out.",
                "Use nextCursor of the answer before; leave since out to read all changes anew.").ToProblem();
        }

        var read = () => Read(db, after, last, limit ?? DefaultLimit, cancellationToken);
        return (await poll.Read(caller.TenantId, waitSeconds, read, page => page.Items.Count > 0, cancellationToken)).TryGet(out var found, out var fault)
            ? TypedResults.Ok(found)
            : fault.ToProblem();
    }

    /// <param name="known">A change that was there before.</param>
    private static async Task<Outcome<ChangePage>> Read(HemoDbContext db, long after, long known, int limit, CancellationToken cancellationToken)
    {
        var found = await db.Changes.AsNoTracking().Where(c => c.Sequence > after).OrderBy(c => c.Sequence).Take(limit + 1).ToListAsync(cancellationToken);

        // They have no gaps: what does not follow the cursor at once follows changes that are forgotten.
        if (found.Count == 0 ? after < known : found[0].Sequence != after + 1)
        {
            return Expired;
        }

        var items = found.Take(limit).Select(ChangeDocument.Of).ToList();
        var last = items.Count == 0 ? after : items[^1].Sequence;
        return new ChangePage(items, last.ToString(CultureInfo.InvariantCulture), found.Count > limit);
    }
}
