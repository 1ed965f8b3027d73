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

    /// <summary>What Hangfire holds are turns: any of them starts any job, so it is their number that must not be too small.</summary>
    protected override async Task<IReadOnlyList<Abandoned>> NotHandedOver(IReadOnlyList<Abandoned> first, JobStorage engine, CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsSystem();
        var waiting = await db.Jobs.LongCountAsync(j => j.Status == JobStatus.Queued, cancellationToken);
        var turns = JobQueue.Names.Sum(engine.GetMonitoringApi().EnqueuedCount);
        return [.. first.Take((int)Math.Clamp(waiting - turns, 0, first.Count))];
    }

    protected override Task<bool> TakeOver(Abandoned row) => transitions.TakeOver(row.Claim, row.SeenAt);

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
