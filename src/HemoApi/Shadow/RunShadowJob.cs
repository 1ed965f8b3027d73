using Hangfire;
using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Jobs;
using HemoApi.Storage;
using Microsoft.Extensions.Options;

namespace HemoApi.Shadow;

/// <summary>Runs one shadow from its row. It stands still while a study is measured in this process, so that the shadow costs the
/// answer a batch of slices at most. Running it again does no harm: it writes its row alone, at its end.</summary>
public sealed partial class RunShadowJob(
    ShadowTransitions transitions,
    RunningJobs running,
    ForegroundJobs foreground,
    ShadowComparer comparer,
    HemoMetrics metrics,
    IOptions<JobsOptions> options,
    TimeProvider time,
    ILogger<RunShadowJob> log)
{
    /// <summary>Most of it may be standing still.</summary>
    private static readonly TimeSpan LongestRun = TimeSpan.FromHours(12);

    [Traced("shadow run")]
    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
    public async Task Run(Guid id, CancellationToken shutdown)
    {
        foreground.WaitUntilIdle(shutdown);
        if (await transitions.Start(id) is not { } claim)
        {
            if (await transitions.DeadLetter(id))
            {
                Count(id, JobStatus.DeadLettered, FaultCodes.JobDeadLettered);
            }

            return;
        }

        using var run = running.Begin(id, LongestRun, shutdown);
        Outcome<ShadowComparison> outcome;
        try
        {
            await using var life = new SignsOfLife(options.Value.SignOfLifeInterval, time, () => transitions.SignOfLife(claim), log);
            outcome = await comparer.Run(id, _ => foreground.WaitUntilIdle(run.Token), run.Token);
        }
        catch (OperationCanceledException) when (run.Token.IsCancellationRequested)
        {
            // The study was deleted and the row with it, or the process ends.
            await (run.TimedOut ? Fail(claim, JobFaults.Timeout(LongestRun)) : transitions.GiveBack(claim));
            return;
        }
        catch (Exception e) when (e.MayPass())
        {
            LogAway(log, id, e.Shape());
            await transitions.GiveBack(claim);
            return;
        }
        catch (Exception e)
        {
            LogFailed(log, id, e.Shape());
            outcome = JobFaults.Of(e);
        }

        if (!outcome.TryGet(out var found, out var fault))
        {
            await Fail(claim, fault);
        }
        else if (await transitions.Succeed(claim, found))
        {
            metrics.ShadowEnded(JobStatus.Succeeded);
        }
    }

    private async Task Fail(Claim claim, Fault fault)
    {
        if (await transitions.Fail(claim, fault))
        {
            Count(claim.Id, JobStatus.Failed, fault.Code);
        }
    }

    private void Count(Guid id, JobStatus status, string code)
    {
        metrics.ShadowEnded(status, code);
        LogEnded(log, id, status, code);
    }

    [LoggerMessage(LogLevel.Warning, "Shadow run {ShadowRunId} ended {Status}: {Code}")]
    private static partial void LogEnded(ILogger log, Guid shadowRunId, JobStatus status, string code);

    [LoggerMessage(LogLevel.Error, "Shadow run {ShadowRunId} failed unexpectedly: {Shape}")]
    private static partial void LogFailed(ILogger log, Guid shadowRunId, string shape);

    [LoggerMessage(LogLevel.Warning, "Shadow run {ShadowRunId} is given back, because the database or the blobs are away: {Shape}")]
    private static partial void LogAway(ILogger log, Guid shadowRunId, string shape);
}
