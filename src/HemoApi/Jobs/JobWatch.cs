using Hangfire;
using HemoApi.Results;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HemoApi.Jobs;

/// <summary>Watches over segmentations.</summary>
public sealed class JobWatch(
    HemoDatabase database,
    JobQueue queue,
    JobTransitions transitions,
    RunningJobs running,
    ResultStore results,
    JobStorage hangfire,
    IOptions<JobsOptions> options,
    TimeProvider time,
    ILogger<JobWatch> log) : AbandonedWatch(hangfire, running, options, time, log)
{
    protected override async Task<IReadOnlyList<Abandoned>> Rows(JobStatus status, int? atMost, CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsSystem();
        return await db.Jobs.Where(j => j.Status == status)
            .OrderByDescending(j => j.Priority).ThenBy(j => j.QueuedAt).ThenBy(j => j.Id)
            .Take(atMost ?? int.MaxValue)
            .Select(j => new Abandoned(j.Id, j.Status, j.Priority, j.Attempts, j.CancelRequested, j.QueueTicket, j.SeenAt))
            .ToListAsync(cancellationToken);
    }

    protected override async Task QueueAgain(Abandoned row)
    {
        if (row.Status == JobStatus.Running)
        {
            await results.Discard(row.Id);
            if (row.CancelRequested)
            {
                await transitions.Cancel(row.Claim);
                return;
            }

            if (!await transitions.QueueAgain(row.Claim))
            {
                return;
            }
        }

        queue.Enqueue(row.Id, row.Priority);
    }
}
