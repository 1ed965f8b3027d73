using System.Globalization;
using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Webhooks;

/// <summary>What was sent to a webhook and what became of it, newest first.</summary>
public static class ListDeliveries
{
    private const int DefaultLimit = 50;
    private const int MaximumLimit = 200;

    /// <param name="limit">Deliveries a page, 1 to 200; 50 where absent.</param>
    /// <param name="cursor">The <c>nextCursor</c> of the page before.</param>
    public static async Task<Results<Ok<DeliveryPage>, Problem>> Handle(
        Guid id, [FromQuery] int? limit, [FromQuery] string? cursor, HemoDbContext db, CancellationToken cancellationToken)
    {
        if (!await db.Webhooks.AnyAsync(w => w.Id == id, cancellationToken))
        {
            return WebhookFaults.NotFound.ToProblem();
        }

        if (limit is < 1 or > MaximumLimit)
        {
            return new Fault(FaultCodes.RequestInvalid, $"limit must be from 1 to {MaximumLimit}.", "Read further pages with nextCursor.").ToProblem();
        }

        var before = long.MaxValue;
        if (cursor is not null && !long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out before))
        {
            return new Fault(
                FaultCodes.RequestInvalid, "cursor is not one that this service gave out.", "Use nextCursor of the page before, or leave cursor out to start anew.").ToProblem();
        }

        var size = limit ?? DefaultLimit;
        var found = await db.WebhookDeliveries.AsNoTracking().Where(d => d.WebhookId == id && d.Sequence < before)
            .OrderByDescending(d => d.Sequence)
            .Take(size + 1)
            .Select(d => new { Delivery = d, db.Changes.First(c => c.Sequence == d.Sequence).Type })
            .ToListAsync(cancellationToken);
        var items = found.Take(size).Select(f => DeliveryDocument.Of(f.Delivery, f.Type)).ToList();
        return TypedResults.Ok(new DeliveryPage(items, found.Count > size ? items[^1].Sequence.ToString(CultureInfo.InvariantCulture) : null));
    }
}
