using Hangfire;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HemoApi.Jobs;

/// <summary>Watches over work that is served in the order in which it came.</summary>
public abstract class WorkWatch<T>(HemoDatabase database, RunningJobs running, JobStorage hangfire, IOptions<JobsOptions> options, TimeProvider time, ILogger log)
    : AbandonedWatch(hangfire, running, options, time, log)
    where T : QueuedWork
{
    protected override async Task<IReadOnlyList<Abandoned>> Rows(JobStatus status, int? atMost, CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsSystem();
        return await db.Set<T>().Where(w => w.Status == status)
            .OrderBy(w => w.CreatedAt).ThenBy(w => w.Id)
            .Take(atMost ?? int.MaxValue)
            .Select(w => new Abandoned(w.Id, w.Status, JobPriority.Routine, w.Attempts, false, w.QueueTicket, w.SeenAt))
            .ToListAsync(cancellationToken);
    }
}
