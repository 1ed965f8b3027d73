using Hangfire;
using HemoApi.Hosting;
using HemoApi.Results;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HemoApi.Jobs;

/// <summary>Finds unfinished jobs that no one works on, because handing one over or writing its end failed (on a full disk, say),
/// and queues them again. What two looks in a row find unchanged is no job in passing.</summary>
public sealed partial class JobWatch(
    HemoDatabase database,
    JobQueue queue,
    JobTransitions transitions,
    RunningJobs running,
    ResultStore results,
    JobStorage hangfire,
    IOptions<JobsOptions> options,
    TimeProvider time,
    ILogger<JobWatch> log) : BackgroundService
{
    private sealed record Abandoned(Guid Id, JobPriority Priority, JobStatus Status, int Attempts);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.WatchInterval, time);
        IReadOnlyList<Abandoned> before = [];
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                before = await LookAndQueue(before, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends, and what it leaves is queued at the next start.
        }
    }

    private async Task<IReadOnlyList<Abandoned>> LookAndQueue(IReadOnlyList<Abandoned> before, CancellationToken stoppingToken)
    {
        try
        {
            var now = await Look(stoppingToken);
            foreach (var job in now.Intersect(before))
            {
                await QueueAgain(job);
            }

            return now;
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            // The database may be what is failing: the next look may find it well.
            LogFailed(log, e.Shape());
            return before;
        }
    }

    private async Task<IReadOnlyList<Abandoned>> Look(CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsSystem();
        var unfinished = await db.Jobs.Where(j => j.Status == JobStatus.Queued || j.Status == JobStatus.Running)
            .OrderByDescending(j => j.Priority).ThenBy(j => j.QueuedAt).ThenBy(j => j.Id)
            .Select(j => new Abandoned(j.Id, j.Priority, j.Status, j.Attempts))
            .ToListAsync(cancellationToken);
        var work = hangfire.GetMonitoringApi().GetStatistics();
        var idle = work is { Enqueued: 0, Processing: 0 };
        return [.. unfinished.Where(j => j.Status == JobStatus.Queued ? idle : !running.Contains(j.Id))];
    }

    private async Task QueueAgain(Abandoned job)
    {
        if (job.Status == JobStatus.Running)
        {
            await results.Discard(job.Id);
            if (!await transitions.QueueAgain(job.Id, job.Attempts))
            {
                return;
            }
        }

        LogAbandoned(log, job.Id);
        queue.Enqueue(job.Id, job.Priority);
    }

    [LoggerMessage(LogLevel.Warning, "No one worked on job {JobId}: it is queued again")]
    private static partial void LogAbandoned(ILogger log, Guid jobId);

    [LoggerMessage(LogLevel.Error, "Looking for abandoned jobs failed: {Shape}")]
    private static partial void LogFailed(ILogger log, string shape);
}
