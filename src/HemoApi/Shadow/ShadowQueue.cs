using System.Data.Common;
using Hangfire;
using Hangfire.States;
using HemoApi.Hosting;

namespace HemoApi.Shadow;

/// <summary>Hands shadow runs to Hangfire. The row must be committed first.</summary>
public sealed partial class ShadowQueue(IBackgroundJobClient hangfire, ShadowTransitions transitions, ILogger<ShadowQueue> log)
{
    /// <summary>A queue with a worker of its own, so that no study ever waits behind a shadow.</summary>
    public const string Name = "shadow";

    /// <summary>Does not throw: the row is there and says queued, so <see cref="ShadowWatch"/> hands over what fails here.</summary>
    public void Enqueue(Guid id)
    {
        try
        {
            transitions.Ticket(id, hangfire.Create<RunShadowJob>(job => job.Run(id, CancellationToken.None), new EnqueuedState(Name)));
        }
        catch (Exception e) when (e is BackgroundJobClientException or DbException)
        {
            LogNotEnqueued(log, id, e.Shape());
        }
    }

    [LoggerMessage(LogLevel.Warning, "Shadow run {ShadowRunId} could not be handed over and waits for the next look: {Shape}")]
    private static partial void LogNotEnqueued(ILogger log, Guid shadowRunId, string shape);
}
