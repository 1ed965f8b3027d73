using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Jobs;

/// <summary>Whose turn it is: stat jobs before routine ones; within a priority the tenant whose job of that priority was started the longest
/// ago, and of its jobs the oldest. So tenants take turns however many jobs each of them has queued, and the order is known beforehand.</summary>
public static class FairQueue
{
    private static readonly JobPriority[] Order = [JobPriority.Stat, JobPriority.Routine];

    /// <param name="db">Of the service itself.</param>
    /// <returns>Null where no job waits.</returns>
    public static async Task<Guid?> Next(HemoDbContext db)
    {
        foreach (var priority in Order)
        {
            var queued = db.Jobs.Where(j => j.Status == JobStatus.Queued && j.Priority == priority);
            if (await db.Tenants
                .Where(t => queued.Any(j => j.TenantId == t.Id))
                .OrderBy(t => priority == JobPriority.Stat ? t.StatTurn : t.RoutineTurn)
                .ThenBy(t => queued.Where(j => j.TenantId == t.Id).Min(j => j.QueuedAt))
                .ThenBy(t => t.Id)
                .Select(t => queued.Where(j => j.TenantId == t.Id).OrderBy(j => j.QueuedAt).ThenBy(j => j.Id).Select(j => (Guid?)j.Id).FirstOrDefault())
                .FirstOrDefaultAsync() is { } due)
            {
                return due;
            }
        }

        return null;
    }

    /// <summary>The tenant had its turn; in the transaction that starts its job.</summary>
    public static Task Took(HemoDbContext db, Guid tenantId, JobPriority priority, DateTimeOffset now) => db.Tenants.Where(t => t.Id == tenantId)
        .ExecuteUpdateAsync(set => set
            .SetProperty(t => t.Starts, t => t.Starts + 1)
            .SetProperty(t => t.StatTurn, t => priority == JobPriority.Stat ? now.UtcTicks : t.StatTurn)
            .SetProperty(t => t.RoutineTurn, t => priority == JobPriority.Stat ? t.RoutineTurn : now.UtcTicks));

    /// <summary>1 is next: as many jobs as would be started before this queued one, and itself. Counts the jobs of all tenants; nothing but
    /// their number gets out.</summary>
    public static async Task<int> Position(HemoDbContext db, Job job, CancellationToken cancellationToken)
    {
        var queued = db.Jobs.IgnoreQueryFilters().Where(j => j.Status == JobStatus.Queued);
        var urgent = await queued.CountAsync(j => j.Priority > job.Priority, cancellationToken);
        var peers = queued.Where(j => j.Priority == job.Priority);
        var ahead = await peers.CountAsync(
            j => j.TenantId == job.TenantId && (j.QueuedAt < job.QueuedAt || (j.QueuedAt == job.QueuedAt && j.Id < job.Id)), cancellationToken);
        var tenants = await db.Tenants.IgnoreQueryFilters()
            .Where(t => peers.Any(j => j.TenantId == t.Id))
            .OrderBy(t => job.Priority == JobPriority.Stat ? t.StatTurn : t.RoutineTurn)
            .ThenBy(t => peers.Where(j => j.TenantId == t.Id).Min(j => j.QueuedAt))
            .ThenBy(t => t.Id)
            .Select(t => new { t.Id, Jobs = peers.Where(j => j.TenantId == t.Id).OrderBy(j => j.QueuedAt).Take(ahead + 1).Count() })
            .ToListAsync(cancellationToken);

        // Each round gives every tenant that still has a job one turn, in this order. The job's own is the last of its tenant's rounds.
        var own = tenants.FindIndex(t => t.Id == job.TenantId);
        var others = tenants.Index().Where(t => t.Index != own).Sum(t => t.Index < own ? t.Item.Jobs : Math.Min(t.Item.Jobs, ahead));
        return 1 + urgent + ahead + others;
    }
}
