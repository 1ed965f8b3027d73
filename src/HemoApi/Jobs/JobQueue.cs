using System.Data.Common;
using Hangfire;
using Hangfire.States;
using HemoApi.Hosting;
using HemoApi.Results;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HemoApi.Jobs;

/// <summary>Hands jobs to Hangfire. The row must be committed first. What Hangfire carries is a turn to start a job: which one, <see cref="FairQueue"/>
/// says when the turn comes.</summary>
public sealed partial class JobQueue(
    IBackgroundJobClient hangfire,
    HemoDatabase database,
    JobTransitions transitions,
    ResultStore results,
    IOptions<StorageOptions> storage,
    ILogger<JobQueue> log)
{
    private const string Stat = "1-stat";
    private const string Routine = "2-routine";

    /// <summary>Hangfire's queues, the first served first: in memory in this order, on PostgreSQL in that of the alphabet.</summary>
    public static string[] Names { get; } = [Stat, Routine];

    /// <summary>Does not throw: the row is there and says queued, so <see cref="JobWatch"/> hands over what fails here.</summary>
    public void Enqueue(Guid jobId, JobPriority priority)
    {
        try
        {
            hangfire.Create<SegmentStudyJob>(
                job => job.Run(jobId, CancellationToken.None),
                new EnqueuedState(priority == JobPriority.Stat ? Stat : Routine));
        }
        catch (Exception e) when (e is BackgroundJobClientException or DbException)
        {
            LogNotEnqueued(log, jobId, e.Shape());
        }
    }

    /// <summary>For a job that this process gave back because it ends: another one shall take it now.</summary>
    public async Task HandToOthers(Guid jobId)
    {
        if (!storage.Value.IsShared)
        {
            // The queue ends with the process; the next start finds the row.
            return;
        }

        await using var db = database.OpenAsSystem();
        if (await db.Jobs.AsNoTracking().SingleOrDefaultAsync(j => j.Id == jobId && j.Status == JobStatus.Queued) is { } job)
        {
            Enqueue(jobId, job.Priority);
        }
    }

    /// <summary>For a queue that died with its process: every unfinished row goes in again, in its old order. Rows still marked
    /// running were interrupted; no one runs them now, and what they had written is no one's.</summary>
    public async Task<int> EnqueueUnfinished(CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsSystem();
        var interrupted = await db.Jobs.Where(j => j.Status == JobStatus.Running)
            .Select(j => new { Claim = new Claim(j.Id, j.Attempts), j.CancelRequested })
            .ToListAsync(cancellationToken);
        foreach (var job in interrupted)
        {
            await results.Discard(job.Claim.Id);
            _ = job.CancelRequested ? await transitions.Cancel(job.Claim) : await transitions.QueueAgain(job.Claim);
        }

        var unfinished = await db.Jobs.Where(j => j.Status == JobStatus.Queued)
            .OrderByDescending(j => j.Priority).ThenBy(j => j.QueuedAt).ThenBy(j => j.Id)
            .Select(j => new { j.Id, j.Priority })
            .ToListAsync(cancellationToken);
        foreach (var job in unfinished)
        {
            Enqueue(job.Id, job.Priority);
        }

        return unfinished.Count;
    }

    [LoggerMessage(LogLevel.Error, "Job {JobId} could not be handed over and waits for the next look: {Shape}")]
    private static partial void LogNotEnqueued(ILogger log, Guid jobId, string shape);
}
