using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Jobs;

/// <summary>Whose turn it is: stat jobs before routine ones; within a priority the tenant whose job of that priority was started the longest
/// ago, and of its jobs the oldest. So tenants take turns however many jobs each of them has queued, and the order is known beforehand.</summary>
public static class FairQueue
{
    /// <summary>Asks for each tenant's first jobs by themselves. A join of the tenants with all that wait would read the whole queue at each start: how many
    /// jobs wait changes too fast for the database's statistics, which mostly say none.</summary>
    /// <param name="db">Of the service itself.</param>
    /// <returns>Null where no job waits.</returns>
    public static async Task<Guid?> Next(HemoDbContext db)
    {
        var stat = db.Jobs.Where(j => j.Status == JobStatus.Queued && j.Priority == JobPriority.Stat);
        var routine = db.Jobs.Where(j => j.Status == JobStatus.Queued && j.Priority == JobPriority.Routine);
        return await db.Tenants
            .Select(t => new
            {
                Tenant = t,
                Stat = stat.Where(j => j.TenantId == t.Id).Min(j => (DateTimeOffset?)j.QueuedAt),
                Routine = routine.Where(j => j.TenantId == t.Id).Min(j => (DateTimeOffset?)j.QueuedAt),
            })
            .Where(t => t.Stat != null || t.Routine != null)
            .OrderBy(t => t.Stat == null)
            .ThenBy(t => t.Stat == null ? t.Tenant.RoutineTurn : t.Tenant.StatTurn)
            .ThenBy(t => t.Stat ?? t.Routine)
            .ThenBy(t => t.Tenant.Id)
            .Select(t => t.Stat == null
                ? routine.Where(j => j.TenantId == t.Tenant.Id).OrderBy(j => j.QueuedAt).ThenBy(j => j.Id).Select(j => (Guid?)j.Id).First()
                : stat.Where(j => j.TenantId == t.Tenant.Id).OrderBy(j => j.QueuedAt).ThenBy(j => j.Id).Select(j => (Guid?)j.Id).First())
            .FirstOrDefaultAsync();
    }

    /// <summary>The tenant had its turn; in the transaction that starts its job.</summary>
    public static Task Took(HemoDbContext db, Guid tenantId, JobPriority priority, DateTimeOffset now) => db.Tenants.Where(t => t.Id == tenantId)
        .ExecuteUpdateAsync(set => set
            .SetProperty(t => t.Starts, t => t.Starts + 1)
            .SetProperty(t => t.StatTurn, t => priority == JobPriority.Stat ? now.UtcTicks : t.StatTurn)
            .SetProperty(t => t.RoutineTurn, t => priority == JobPriority.Stat ? t.RoutineTurn : now.UtcTicks));

    /// <summary>1 is next: as many jobs as would be started before this queued one, and itself. Counts the jobs of all tenants; nothing but
    /// their number gets out.</summary>
    public static async Task<int> Position(HemoDbContext db, QueueLengths lengths, Job job, CancellationToken cancellationToken)
    {
        var ahead = await db.Jobs.IgnoreQueryFilters().CountAsync(
            j => j.Status == JobStatus.Queued && j.TenantId == job.TenantId && j.Priority == job.Priority && j.QueuedAt <= job.QueuedAt && (j.QueuedAt < job.QueuedAt || j.Id < job.Id),
            cancellationToken);
        var waiting = await lengths.Read(db, cancellationToken);
        var urgent = waiting.Where(w => w.Priority > job.Priority).Sum(w => w.Jobs);
        var tenants = waiting.Where(w => w.Priority == job.Priority).OrderBy(w => w.Turn).ThenBy(w => w.Oldest).ThenBy(w => w.TenantId).ToList();

        // Each round gives every tenant that still has a job one turn, in this order. The job's own is the last of its tenant's rounds.
        var own = tenants.FindIndex(t => t.TenantId == job.TenantId);
        var others = tenants.Index().Where(t => t.Index != own).Sum(t => Math.Min(t.Item.Jobs, t.Index < own ? ahead + 1 : ahead));
        return 1 + urgent + ahead + others;
    }
}
