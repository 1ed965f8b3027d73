using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HemoApi.Webhooks;

/// <summary>One delivery that this process sends now.</summary>
public sealed record Dispatch(Guid DeliveryId, int Attempt, Webhook Webhook, byte[] Body);

/// <summary>Every change of a delivery's state. While it is sent its row is due only after the attempt must have ended, so that no other
/// process takes it, and one whose process died is taken again.</summary>
public sealed class DeliveryTransitions(HemoDatabase database, IOptions<WebhooksOptions> options, TimeProvider time)
{
    private static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(1);

    /// <summary>Takes the delivery that has been due the longest, of the webhooks that do not rest; null where there is none.</summary>
    public async Task<Dispatch?> TakeNext(CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsSystem();
        while (true)
        {
            var now = time.GetUtcNow();
            var due = await Due(db, now).OrderBy(d => d.DueAt).ThenBy(d => d.Sequence).Select(d => new { d.Id, d.Attempts, d.WebhookId, d.TenantId, d.Sequence })
                .FirstOrDefaultAsync(cancellationToken);
            if (due is null)
            {
                return null;
            }

            // Another process may be faster; then the next one is looked for.
            if (await Pending(db, due.Id, due.Attempts).ExecuteUpdateAsync(
                    set => set
                        .SetProperty(d => d.Attempts, due.Attempts + 1)
                        .SetProperty(d => d.LastAttemptAt, now)
                        .SetProperty(d => d.DueAt, now + options.Value.Timeout + options.Value.Timeout),
                    cancellationToken) == 1
                && await db.Webhooks.AsNoTracking().SingleOrDefaultAsync(w => w.Id == due.WebhookId, cancellationToken) is { } webhook)
            {
                var change = await db.Changes.AsNoTracking().SingleAsync(c => c.TenantId == due.TenantId && c.Sequence == due.Sequence, cancellationToken);
                return new Dispatch(due.Id, due.Attempts + 1, webhook, WebhookMessage.Of(change).ToBytes());
            }
        }
    }

    /// <returns>After what time it is due again; null where it is not.</returns>
    public async Task<TimeSpan?> End(Dispatch dispatch, Attempt attempt)
    {
        var now = time.GetUtcNow();
        var retry = options.Value.RetryAfter(dispatch.Attempt);
        var status = attempt.Error is null ? DeliveryStatus.Delivered
            : dispatch.Attempt >= options.Value.MaximumAttempts ? DeliveryStatus.GivenUp
            : DeliveryStatus.Pending;
        var failures = attempt.Error is null ? 0 : dispatch.Webhook.FailuresInARow + 1;
        DateTimeOffset? rests = failures == 0 ? null : now + Rest(failures, retry);
        await using var db = database.OpenAsSystem();
        await Pending(db, dispatch.DeliveryId, dispatch.Attempt).ExecuteUpdateAsync(set => set
            .SetProperty(d => d.Status, status)
            .SetProperty(d => d.ResponseStatus, attempt.ResponseStatus)
            .SetProperty(d => d.Error, attempt.Error)
            .SetProperty(d => d.DueAt, now + retry));
        await db.Webhooks.Where(w => w.Id == dispatch.Webhook.Id && (w.FailuresInARow != failures || w.RestsUntil != rests))
            .ExecuteUpdateAsync(set => set.SetProperty(w => w.FailuresInARow, failures).SetProperty(w => w.RestsUntil, rests));
        return status == DeliveryStatus.Pending ? retry : null;
    }

    /// <summary>For an attempt that the end of the process broke off: it counts, and another one may follow at once.</summary>
    public async Task GiveBack(Dispatch dispatch)
    {
        await using var db = database.OpenAsSystem();
        await Pending(db, dispatch.DeliveryId, dispatch.Attempt).ExecuteUpdateAsync(set => set.SetProperty(d => d.DueAt, time.GetUtcNow()));
    }

    public async Task<bool> AnyDue(CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsSystem();
        return await Due(db, time.GetUtcNow()).AnyAsync(cancellationToken);
    }

    /// <summary>Removes from the log what ended long ago.</summary>
    public async Task Forget(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - options.Value.KeepDeliveries;
        await using var db = database.OpenAsSystem();
        await db.WebhookDeliveries.Where(d => d.Status != DeliveryStatus.Pending && d.DueAt < before).ExecuteDeleteAsync(cancellationToken);
    }

    private static IQueryable<WebhookDelivery> Due(HemoDbContext db, DateTimeOffset now) => db.WebhookDeliveries.Where(d =>
        d.Status == DeliveryStatus.Pending && d.DueAt <= now && !db.Webhooks.Any(w => w.Id == d.WebhookId && w.RestsUntil > now));

    private static IQueryable<WebhookDelivery> Pending(HemoDbContext db, Guid id, int attempts) =>
        db.WebhookDeliveries.Where(d => d.Id == id && d.Status == DeliveryStatus.Pending && d.Attempts == attempts);

    /// <summary>Doubles with each failure in a row, and is never longer than until the next attempt.</summary>
    private static TimeSpan Rest(int failures, TimeSpan retry) => TimeSpan.FromTicks(Math.Min(
        retry.Ticks, (long)Math.Min(LongestRest.Ticks, FirstRest.Ticks * Math.Pow(2, failures - 1))));
}
