using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Webhooks;

/// <summary>All webhooks of the tenant, oldest first.</summary>
public static class ListWebhooks
{
    public static async Task<Ok<WebhookList>> Handle(HemoDbContext db, CancellationToken cancellationToken)
    {
        var webhooks = await db.Webhooks.AsNoTracking().OrderBy(w => w.CreatedAt).ThenBy(w => w.Id).ToListAsync(cancellationToken);
        return TypedResults.Ok(new WebhookList([.. webhooks.Select(w => WebhookDocument.Of(w))]));
    }
}
