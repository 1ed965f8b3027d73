using System.Data.Common;
using Hangfire;
using Hangfire.States;
using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Webhooks;

/// <summary>Writes deliveries where a change is written, and has them sent once it is committed: none is missed, and none tells of what did
/// not happen.</summary>
public sealed partial class WebhookOutbox(IBackgroundJobClient hangfire, ILogger<WebhookOutbox> log)
{
    /// <summary>A queue with workers of its own, so that no study waits behind a receiver.</summary>
    public const string Queue = "webhooks";

    /// <summary>Adds a row for each webhook of the tenant that listens to the change; the caller saves them. The caller holds the tenant's row,
    /// which <see cref="DeleteWebhook"/> waits for.</summary>
    /// <returns>How many.</returns>
    public static async Task<int> Add(HemoDbContext db, Change change)
    {
        var webhooks = await db.Webhooks.AsNoTracking().Where(w => w.TenantId == change.TenantId).Select(w => new { w.Id, w.Events }).ToListAsync();
        var listening = webhooks.Where(w => w.Events.Contains(change.Type)).ToList();
        db.AddRange(listening.Select(w => new WebhookDelivery
        {
            TenantId = change.TenantId,
            WebhookId = w.Id,
            Sequence = change.Sequence,
            DueAt = change.At,
            CreatedAt = change.At,
        }));
        return listening.Count;
    }

    /// <summary>Has what is due sent. Does not throw: the rows are there, and <see cref="WebhookWatch"/> finds what fails here.</summary>
    /// <param name="after">How long from now.</param>
    public void Send(TimeSpan after = default)
    {
        try
        {
            hangfire.Create<DeliverWebhooksJob>(
                job => job.Run(CancellationToken.None),
                after > TimeSpan.Zero ? new ScheduledState(after) : new EnqueuedState(Queue));
        }
        catch (Exception e) when (e is BackgroundJobClientException or DbException)
        {
            LogNotEnqueued(log, e.Shape());
        }
    }

    [LoggerMessage(LogLevel.Warning, "Deliveries could not be handed over and wait for the next look: {Shape}")]
    private static partial void LogNotEnqueued(ILogger log, string shape);
}
