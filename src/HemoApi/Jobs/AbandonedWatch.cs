using Hangfire;
using Hangfire.States;
using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.Extensions.Options;

namespace HemoApi.Jobs;

/// <summary>An unfinished row that no one of this process works on.</summary>
/// <param name="Ticket">What Hangfire calls it: where it was last handed over.</param>
/// <param name="SeenAt">Changes with each sign of life, so what another process runs is no longer the same at the next look.</param>
public sealed record Abandoned(
    Guid Id, JobStatus Status, JobPriority Priority, int Attempts, bool CancelRequested, string? Ticket, DateTimeOffset? SeenAt)
{
    /// <summary>Of the run that has gone silent.</summary>
    public Claim Claim => new(Id, Attempts);
}

/// <summary>Finds unfinished work that no one does, because its process died, or because handing it over or writing its end failed (on
/// a full disk, say), and has it queued again. What two looks in a row find unchanged is no work in passing.</summary>
public abstract partial class AbandonedWatch(
    JobStorage hangfire, RunningJobs running, IOptions<JobsOptions> options, TimeProvider time, ILogger log) : BackgroundService
{
    /// <summary>The front of a long queue is enough to look at: what is lost behind it comes to the front.</summary>
    private const int QueuedAtOnce = 200;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.WatchInterval, time);
        IReadOnlyList<Abandoned> before = [];
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                before = await LookAndRevive(before, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends, and what it leaves is found by the next start or by other processes.
        }
    }

    /// <summary>Rows of that status, those to be served first in front.</summary>
    /// <param name="atMost">Null for all of them.</param>
    protected abstract Task<IReadOnlyList<Abandoned>> Rows(JobStatus status, int? atMost, CancellationToken cancellationToken);

    /// <summary>Whether it is this process that deals with a silent run: false where another one was faster.</summary>
    protected abstract Task<bool> TakeOver(Abandoned row);

    protected abstract Task QueueAgain(Abandoned row);

    private async Task<IReadOnlyList<Abandoned>> LookAndRevive(IReadOnlyList<Abandoned> before, CancellationToken stoppingToken)
    {
        try
        {
            var now = await Look(stoppingToken);
            foreach (var row in now.Intersect(before))
            {
                if (row.Status == JobStatus.Queued || await TakeOver(row))
                {
                    LogAbandoned(log, row.Id, row.Status);
                    await QueueAgain(row);
                }
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

    /// <summary>Those of the first queued rows that no worker is going to take.</summary>
    protected virtual Task<IReadOnlyList<Abandoned>> NotHandedOver(IReadOnlyList<Abandoned> first, JobStorage engine, CancellationToken cancellationToken)
    {
        using var queue = engine.GetConnection();
        return Task.FromResult<IReadOnlyList<Abandoned>>([.. first.Where(r => !IsWaiting(r.Ticket))]);

        // Whether a worker is going to take it, or has just done so.
        bool IsWaiting(string? ticket) =>
            ticket is not null && queue.GetStateData(ticket)?.Name is { } state && (state == EnqueuedState.StateName || state == ProcessingState.StateName);
    }

    private async Task<IReadOnlyList<Abandoned>> Look(CancellationToken cancellationToken)
    {
        var silent = await Rows(JobStatus.Running, null, cancellationToken);
        var first = await Rows(JobStatus.Queued, QueuedAtOnce, cancellationToken);
        return [.. silent.Where(r => !running.Contains(r.Id)), .. await NotHandedOver(first, hangfire, cancellationToken)];
    }

    [LoggerMessage(LogLevel.Warning, "No one works on {Id}, which is {Status}: it is queued again")]
    private static partial void LogAbandoned(ILogger log, Guid id, JobStatus status);

    [LoggerMessage(LogLevel.Error, "Looking for abandoned work failed: {Shape}")]
    private static partial void LogFailed(ILogger log, string shape);
}
