using Hangfire;
using HemoApi.Jobs;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HemoApi.Shadow;

/// <summary>Watches over shadow runs; those of a queue that died with its process are found here too.</summary>
public sealed class ShadowWatch(
    HemoDatabase database,
    ShadowQueue queue,
    ShadowTransitions transitions,
    RunningJobs running,
    JobStorage hangfire,
    IOptions<JobsOptions> options,
    TimeProvider time,
    ILogger<ShadowWatch> log) : AbandonedWatch(hangfire, running, options, time, log)
{
    protected override async Task<IReadOnlyList<Abandoned>> Rows(JobStatus status, int? atMost, CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsSystem();
        return await db.ShadowRuns.Where(r => r.Status == status)
            .OrderBy(r => r.CreatedAt).ThenBy(r => r.Id)
            .Take(atMost ?? int.MaxValue)
            .Select(r => new Abandoned(r.Id, r.Status, JobPriority.Routine, r.Attempts, false, r.QueueTicket, r.SeenAt))
            .ToListAsync(cancellationToken);
    }

    protected override async Task QueueAgain(Abandoned row)
    {
        if (row.Status == JobStatus.Queued || await transitions.QueueAgain(row.Claim))
        {
            queue.Enqueue(row.Id);
        }
    }
}
