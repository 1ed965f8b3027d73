using Hangfire;
using Hangfire.States;
using Hangfire.Storage;
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
    /// <summary>The front of a long queue is enough to look at: what is lost behind it comes to the front.</summary>
    private const int QueuedAtOnce = 200;

    /// <param name="SeenAt">Changes with each sign of life, so a job that another process runs is no longer the same at the next look.</param>
    private sealed record Abandoned(Guid Id, JobPriority Priority, JobStatus Status, int Attempts, bool CancelRequested, string? Ticket, DateTimeOffset? SeenAt);

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
            // The process ends, and what it leaves is found by the next start or by other processes.
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
        var silent = await Of(JobStatus.Running, db).ToListAsync(cancellationToken);
        var first = await Of(JobStatus.Queued, db).Take(QueuedAtOnce).ToListAsync(cancellationToken);
        using var queued = hangfire.GetConnection();
        return [.. silent.Where(j => !running.Contains(j.Id)), .. first.Where(j => !Waits(queued, j.Ticket))];
    }

    private static IQueryable<Abandoned> Of(JobStatus status, HemoDbContext db) => db.Jobs.Where(j => j.Status == status)
        .OrderByDescending(j => j.Priority).ThenBy(j => j.QueuedAt).ThenBy(j => j.Id)
        .Select(j => new Abandoned(j.Id, j.Priority, j.Status, j.Attempts, j.CancelRequested, j.QueueTicket, j.SeenAt));

    /// <summary>Whether a worker is going to take it, or has just done so.</summary>
    private static bool Waits(IStorageConnection queue, string? ticket) =>
        ticket is not null && queue.GetStateData(ticket)?.Name is { } state && (state == EnqueuedState.StateName || state == ProcessingState.StateName);

    private async Task QueueAgain(Abandoned job)
    {
        if (job.Status == JobStatus.Running)
        {
            await results.Discard(job.Id);
            if (job.CancelRequested)
            {
                await transitions.Cancel(job.Id, from: JobStatus.Running);
                return;
            }

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
