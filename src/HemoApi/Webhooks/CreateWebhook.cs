using HemoApi.Changes;
using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HemoApi.Webhooks;

/// <summary>Has the tenant's changes sent to an address from now on. The secret is shown in this answer and never again.</summary>
public static class CreateWebhook
{
    public static async Task<Results<Created<WebhookDocument>, Problem>> Handle(
        WebhookRequest request,
        HemoDbContext db,
        Caller caller,
        WebhookAddress address,
        TimeProvider time,
        IOptions<WebhooksOptions> options,
        CancellationToken cancellationToken)
    {
        var events = request.Events ?? ChangeTypes.All;
        if (events.Count == 0 || events.Distinct().Count() < events.Count || events.Except(ChangeTypes.All).Any())
        {
            return WebhookFaults.Events.ToProblem();
        }

        if (await address.Check(request.Url, cancellationToken) is { } refused)
        {
            return refused.ToProblem();
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await ChangeLog.Hold(db, caller.TenantId);
        if (await db.Webhooks.CountAsync(cancellationToken) >= options.Value.MaximumPerTenant)
        {
            return WebhookFaults.Limit(options.Value.MaximumPerTenant).ToProblem();
        }

        var webhook = new Webhook
        {
            TenantId = caller.TenantId,
            Url = request.Url!,
            Events = events,
            Secret = WebhookSignature.NewSecret(),
            CreatedAt = time.GetUtcNow(),
        };
        db.Add(webhook);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        var document = WebhookDocument.Of(webhook, showSecret: true);
        return TypedResults.Created(document.Links.Self, document);
    }
}
