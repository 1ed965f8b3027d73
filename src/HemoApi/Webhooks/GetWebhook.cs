using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Webhooks;

/// <summary>One webhook, without its secret.</summary>
public static class GetWebhook
{
    public static async Task<Results<Ok<WebhookDocument>, Problem>> Handle(Guid id, HemoDbContext db, CancellationToken cancellationToken) =>
        await db.Webhooks.AsNoTracking().SingleOrDefaultAsync(w => w.Id == id, cancellationToken) is { } webhook
            ? TypedResults.Ok(WebhookDocument.Of(webhook))
            : WebhookFaults.NotFound.ToProblem();
}
