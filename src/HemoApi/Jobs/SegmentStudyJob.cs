using System.Diagnostics;
using Hangfire;
using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Results;
using HemoApi.Shadow;
using HemoApi.Storage;
using Microsoft.Extensions.Options;

namespace HemoApi.Jobs;

/// <summary>The work of one job: everything from the stored upload to stored results.</summary>
public delegate Task<Outcome<StoredResult>> SegmentStudy(Guid jobId, Action<PipelineProgress> progress, CancellationToken cancellationToken);

/// <summary>Runs the job that is due, from its row. Running once too often does no harm: only a queued job starts.</summary>
public sealed partial class SegmentStudyJob(
    JobTransitions transitions,
    StartGate starts,
    RunningJobs running,
    ForegroundJobs foreground,
    SegmentStudy segment,
    ResultStore results,
    JobQueue queue,
    ShadowSampling shadow,
    HemoMetrics metrics,
    IOptions<JobsOptions> options,
    TimeProvider time,
    ILogger<SegmentStudyJob> log)
{
    /// <param name="jobId">The job that was queued with this turn. Another one may be due first, and start in its stead.</param>
    [Traced("segment study")]
    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
    public async Task Run(Guid jobId, CancellationToken shutdown)
    {
        if (await StartNext() is not { } claim)
        {
            return;
        }

        Activity.Current?.SetTag("hemoapi.job.id", claim.Id);
        metrics.Started();
        StoredResult? result;
        using (foreground.Enter())
        {
            result = await Run(claim, shutdown);
        }

        if (result is not null)
        {
            await shadow.Offer(claim.Id, result);
        }
    }

    private async Task<Claim?> StartNext()
    {
        using var turn = await starts.Enter();
        while (await transitions.Next() is { } due)
        {
            if (await transitions.Start(due) is { } claim)
            {
                return claim;
            }

            if (await transitions.DeadLetter(due))
            {
                metrics.Ended(JobStatus.DeadLettered, FaultCodes.JobDeadLettered);
                LogDeadLettered(log, due);
            }

            // Else another worker was faster, and what is due now is another job.
        }

        return null;
    }

    /// <returns>The result where the job succeeded; else null.</returns>
    private async Task<StoredResult?> Run(Claim claim, CancellationToken shutdown)
    {
        using var run = running.Begin(claim.Id, options.Value.Timeout, shutdown);
        Outcome<StoredResult> outcome;
        try
        {
            await using var life = new SignsOfLife(options.Value.SignOfLifeInterval, time, () => transitions.SignOfLife(claim), log);
            await using var progress = new JobProgress(claim, run, transitions, time, log);
            outcome = await segment(claim.Id, progress.Report, run.Token);
        }
        catch (OperationCanceledException) when (run.Token.IsCancellationRequested)
        {
            await Stop(claim, run);
            return null;
        }
        catch (Exception e) when (e.MayPass())
        {
            // Nothing is wrong with the study. JobWatch queues it again, a look or two later.
            LogAway(log, claim.Id, e.Shape());
            await transitions.GiveBack(claim);
            return null;
        }
        catch (Exception e)
        {
            LogFailed(log, claim.Id, e.Shape());
            outcome = JobFaults.Of(e);
        }

        return await End(claim, outcome);
    }

    private async Task<StoredResult?> End(Claim claim, Outcome<StoredResult> outcome)
    {
        if (outcome.TryGet(out var result, out var fault))
        {
            if (await transitions.Succeed(claim, result))
            {
                metrics.Ended(JobStatus.Succeeded);
                metrics.Stages(result.StageSeconds);
                return result;
            }

            if (await transitions.IsWanted(claim))
            {
                // What it had written was cleared away by a process that took it for dead: it does it again.
                LogVanished(log, claim.Id, claim.Attempt);
                await transitions.GiveBack(claim);
                return null;
            }

            await Cancel(claim);
        }
        else
        {
            await Fail(claim, fault);
        }

        await Discard(claim);
        return null;
    }

    private async Task Stop(Claim claim, JobRun run)
    {
        await Discard(claim);
        if (run.CancelledByCaller)
        {
            await Cancel(claim);
        }
        else if (run.TimedOut)
        {
            await Fail(claim, JobFaults.Timeout(options.Value.Timeout));
        }
        else if (await transitions.GiveBack(claim))
        {
            await queue.HandToOthers(claim.Id);
        }
    }

    /// <summary>What this run has written; not what another one writes in the same place by now.</summary>
    private async Task Discard(Claim claim)
    {
        if (await transitions.IsTakenOver(claim))
        {
            LogTakenOver(log, claim.Id, claim.Attempt);
            return;
        }

        await results.Discard(claim.Id);
    }

    private async Task Cancel(Claim claim)
    {
        if (await transitions.Cancel(claim))
        {
            metrics.Ended(JobStatus.Cancelled);
        }
    }

    private async Task Fail(Claim claim, Fault fault)
    {
        if (await transitions.Fail(claim, fault))
        {
            metrics.Ended(JobStatus.Failed, fault.Code);
            Activity.Current?.SetStatus(ActivityStatusCode.Error, fault.Code);
        }
    }

    [LoggerMessage(LogLevel.Error, "Job {JobId} failed unexpectedly: {Shape}")]
    private static partial void LogFailed(ILogger log, Guid jobId, string shape);

    [LoggerMessage(LogLevel.Warning, "Job {JobId} is given back, because the database or the blobs are away or the disk is full: {Shape}")]
    private static partial void LogAway(ILogger log, Guid jobId, string shape);

    [LoggerMessage(LogLevel.Warning, "Start {Attempt} of job {JobId} was taken for dead and the job queued again; what it found is left to the later run")]
    private static partial void LogTakenOver(ILogger log, Guid jobId, int attempt);

    [LoggerMessage(LogLevel.Warning, "What start {Attempt} of job {JobId} had written is gone: it is queued again")]
    private static partial void LogVanished(ILogger log, Guid jobId, int attempt);

    [LoggerMessage(LogLevel.Error, "Job {JobId} is dead-lettered: it was started too often without coming to an end")]
    private static partial void LogDeadLettered(ILogger log, Guid jobId);
}
