using Hangfire;
using HemoApi.Housekeeping;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HemoApi.Changes;

/// <summary>Forgets changes that are older than they are kept, from each tenant's oldest on, so that what is kept has no gaps. Never one that is
/// younger, nor one that a delivery of a webhook still tells of.</summary>
public sealed class ForgetChangesJob(HemoDatabase database, IOptions<ChangesOptions> options, TimeProvider time)
{
    /// <summary>In one statement: other writers of SQLite wait no longer than that takes.</summary>
    private const int AtOnce = 10_000;

    /// <returns>How many were forgotten.</returns>
    [Queue(HousekeepingSetup.Queue)]
    [DisableConcurrentExecution(timeoutInSeconds: 60)]
    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
    public async Task<int> Run(CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsSystem();
        var before = time.GetUtcNow().AddDays(-options.Value.KeepDays);
        var forgotten = 0;
        foreach (var tenantId in await db.Tenants.Select(t => t.Id).ToListAsync(cancellationToken))
        {
            forgotten += await Run(db, tenantId, before, cancellationToken);
        }

        return forgotten;
    }

    private static async Task<int> Run(HemoDbContext db, Guid tenantId, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var changes = db.Changes.Where(c => c.TenantId == tenantId);
        if (await changes.MinAsync(c => (long?)c.Sequence, cancellationToken) is not { } oldest)
        {
            return 0;
        }

        // Clocks of processes differ, so an older time may follow a younger one: the first young one ends what may go.
        var kept = await changes.Where(c => c.At >= before).OrderBy(c => c.Sequence).Select(c => (long?)c.Sequence).FirstOrDefaultAsync(cancellationToken)
            ?? await changes.MaxAsync(c => c.Sequence, cancellationToken) + 1;
        var told = await db.WebhookDeliveries.Where(d => d.TenantId == tenantId).MinAsync(d => (long?)d.Sequence, cancellationToken);
        var end = Math.Min(kept, told ?? kept);
        var forgotten = 0;
        for (var from = oldest; from < end; from += AtOnce)
        {
            var to = Math.Min(end, from + AtOnce);
            forgotten += await changes.Where(c => c.Sequence < to).ExecuteDeleteAsync(cancellationToken);
        }

        return forgotten;
    }
}
