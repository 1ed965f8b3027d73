using HemoApi.Changes;
using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Webhooks;

/// <summary>Deletes a webhook with its deliveries; what waits to be sent is not sent any more.</summary>
public static class DeleteWebhook
{
    public static async Task<Results<NoContent, Problem>> Handle(Guid id, HemoDbContext db, Caller caller, CancellationToken cancellationToken)
    {
        // A change that is just being written adds deliveries to the webhooks that it has seen: it ends first.
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await ChangeLog.Hold(db, caller.TenantId);
        if (await db.Webhooks.Where(w => w.Id == id).ExecuteDeleteAsync(cancellationToken) == 0)
        {
            return WebhookFaults.NotFound.ToProblem();
        }

        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
