using System.Data.Common;
using Hangfire;
using Hangfire.States;
using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Evaluations;

/// <summary>Hands evaluations to Hangfire. The row must be committed first.</summary>
public sealed partial class EvaluationQueue(
    IBackgroundJobClient hangfire, HemoDatabase database, EvaluationTransitions transitions, IBlobStore blobs, ILogger<EvaluationQueue> log)
{
    /// <summary>A queue with a worker of its own, so that a long evaluation keeps no patient's scan waiting.</summary>
    public const string Name = "evaluations";

    /// <summary>Does not throw: the row is there and says queued, so <see cref="EvaluationWatch"/> hands over what fails here.</summary>
    public void Enqueue(Guid id)
    {
        try
        {
            transitions.Ticket(id, hangfire.Create<EvaluateCohortJob>(job => job.Run(id, CancellationToken.None), new EnqueuedState(Name)));
        }
        catch (Exception e) when (e is BackgroundJobClientException or DbException)
        {
            LogNotEnqueued(log, id, e.Shape());
        }
    }

    /// <summary>For a queue that died with its process: every unfinished row goes in again, the oldest first. Files of interrupted runs
    /// are no one's.</summary>
    public async Task EnqueueUnfinished(CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsSystem();
        await db.Evaluations.Where(e => e.Status == JobStatus.Running)
            .ExecuteUpdateAsync(
                set => set.SetProperty(e => e.Status, JobStatus.Queued).SetProperty(e => e.Progress, 0).SetProperty(e => e.StartedAt, (DateTimeOffset?)null),
                cancellationToken);
        foreach (var id in await db.Evaluations.Where(e => e.Status == JobStatus.Queued).OrderBy(e => e.CreatedAt).Select(e => e.Id).ToListAsync(cancellationToken))
        {
            await blobs.DeletePrefix(BlobKeys.EvaluationPrefix(id), cancellationToken);
            Enqueue(id);
        }
    }

    [LoggerMessage(LogLevel.Error, "Evaluation {EvaluationId} could not be handed over and waits for the next look: {Shape}")]
    private static partial void LogNotEnqueued(ILogger log, Guid evaluationId, string shape);
}
