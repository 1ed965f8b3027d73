using HemoApi.Jobs;
using HemoApi.Storage;
using HemoApi.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Changes;

/// <summary>A change that stands in the log once its transaction is committed.</summary>
/// <param name="Deliveries">How many webhooks are told of it.</param>
public readonly record struct Appended(Guid TenantId, long Sequence, int Deliveries);

/// <summary>Writes a tenant's history. A number from a database sequence would become visible in another order than it was drawn in, and a
/// reader that has seen 8 would never look for the 7 that is committed later. So the number is a counter in the tenant's row, raised in the
/// transaction of the change: the row stays locked until that transaction ends, and the next number of the tenant is drawn after it is
/// visible or was never used. The price is that changes of one tenant are committed one after the other; those of others do not wait.</summary>
public sealed class ChangeLog(JobSignals signals, WebhookOutbox outbox, TimeProvider time)
{
    /// <summary>Call it last in the transaction of the change: no other lock may be taken after the tenant's row.</summary>
    /// <param name="db">With a transaction.</param>
    /// <exception cref="InvalidOperationException">There is no transaction, so the log could say what did not happen.</exception>
    public async Task<Appended> Append(HemoDbContext db, Guid tenantId, string type, Guid studyId, Guid? jobId)
    {
        if (db.Database.CurrentTransaction is null)
        {
            throw new InvalidOperationException("a change is written in the transaction of what it tells");
        }

        var numbers = await db.Database
            .SqlQuery<long>($"UPDATE tenants SET last_change = last_change + 1 WHERE id = {tenantId} RETURNING last_change AS \"Value\"")
            .ToListAsync();
        var change = new Change
        {
            TenantId = tenantId,
            Sequence = numbers.Single(),
            Type = type,
            StudyId = studyId,
            JobId = jobId,
            At = time.GetUtcNow(),
        };
        db.Add(change);
        var deliveries = await WebhookOutbox.Add(db, change);

        // No one goes on in the transaction after this, so there is nothing to come back to, and the tenant's row is free two round trips earlier.
        db.Database.AutoSavepointsEnabled = false;
        await db.SaveChangesAsync();
        return new Appended(tenantId, change.Sequence, deliveries);
    }

    /// <summary>Keeps changes of the tenant from being written until the caller's transaction ends, and waits for one that is.</summary>
    public static Task Hold(HemoDbContext db, Guid tenantId) => db.Tenants.Where(t => t.Id == tenantId)
        .ExecuteUpdateAsync(set => set.SetProperty(t => t.LastChange, t => t.LastChange));

    /// <summary>Wakes those who wait for a change of the tenant and has webhooks told. Call it once the transaction is committed.</summary>
    public void Announce(Appended change)
    {
        signals.Pulse(change.TenantId);
        if (change.Deliveries > 0)
        {
            outbox.Send();
        }
    }
}
