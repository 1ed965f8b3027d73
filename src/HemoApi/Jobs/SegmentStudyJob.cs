using System.Diagnostics;
using Hangfire;
using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Results;
using HemoApi.Storage;
using Microsoft.Extensions.Options;

namespace HemoApi.Jobs;

/// <summary>The work of one job: everything from the stored upload to stored results.</summary>
public delegate Task<Outcome<StoredResult>> SegmentStudy(Guid jobId, Action<PipelineProgress> progress, CancellationToken cancellationToken);

/// <summary>Runs one job from its row. Running it again does no harm: only a queued job starts.</summary>
public sealed partial class SegmentStudyJob(
    JobTransitions transitions,
    RunningJobs running,
    SegmentStudy segment,
    ResultStore results,
    JobQueue queue,
    HemoMetrics metrics,
    IOptions<JobsOptions> options,
    TimeProvider time,
    ILogger<SegmentStudyJob> log)
{
    [Traced("segment study")]
    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
    public async Task Run(Guid jobId, CancellationToken shutdown)
    {
        Activity.Current?.SetTag("hemoapi.job.id", jobId);
        if (!await transitions.Start(jobId))
        {
            if (await transitions.DeadLetter(jobId))
            {
                metrics.Ended(JobStatus.DeadLettered, FaultCodes.JobDeadLettered);
                LogDeadLettered(log, jobId);
            }

            return;
        }

        metrics.Started();
        using var run = running.Begin(jobId, options.Value.Timeout, shutdown);
        Outcome<StoredResult> outcome;
        try
        {
            await using var life = new SignsOfLife(options.Value.SignOfLifeInterval, time, () => transitions.SignOfLife(jobId), log);
            await using var progress = new JobProgress(jobId, run, transitions, time, log);
            outcome = await segment(jobId, progress.Report, run.Token);
        }
        catch (OperationCanceledException) when (run.Token.IsCancellationRequested)
        {
            await Stop(jobId, run);
            return;
        }
        catch (Exception e) when (e.IsDependencyAway())
        {
            // Nothing is wrong with the study. JobWatch queues it again, a look or two later.
            LogAway(log, jobId, e.Shape());
            await transitions.GiveBack(jobId);
            return;
        }
        catch (Exception e)
        {
            LogFailed(log, jobId, e.Shape());
            outcome = JobFaults.Of(e);
        }

        await End(jobId, outcome);
    }

    private async Task End(Guid jobId, Outcome<StoredResult> outcome)
    {
        if (outcome.TryGet(out var result, out var fault))
        {
            if (await transitions.Succeed(jobId, result))
            {
                metrics.Ended(JobStatus.Succeeded);
                metrics.Stages(result.StageSeconds);
                return;
            }

            await Cancel(jobId);
        }
        else
        {
            await Fail(jobId, fault);
        }

        await results.Discard(jobId);
    }

    private async Task Stop(Guid jobId, JobRun run)
    {
        await results.Discard(jobId);
        if (run.CancelledByCaller)
        {
            await Cancel(jobId);
        }
        else if (run.TimedOut)
        {
            await Fail(jobId, JobFaults.Timeout(options.Value.Timeout));
        }
        else
        {
            await transitions.GiveBack(jobId);
            await queue.HandToOthers(jobId);
        }
    }

    private async Task Cancel(Guid jobId)
    {
        if (await transitions.Cancel(jobId, from: JobStatus.Running))
        {
            metrics.Ended(JobStatus.Cancelled);
        }
    }

    private async Task Fail(Guid jobId, Fault fault)
    {
        if (await transitions.Fail(jobId, fault))
        {
            metrics.Ended(JobStatus.Failed, fault.Code);
            Activity.Current?.SetStatus(ActivityStatusCode.Error, fault.Code);
        }
    }

    [LoggerMessage(LogLevel.Error, "Job {JobId} failed unexpectedly: {Shape}")]
    private static partial void LogFailed(ILogger log, Guid jobId, string shape);

    [LoggerMessage(LogLevel.Warning, "Job {JobId} is given back, because the database or the blobs are away: {Shape}")]
    private static partial void LogAway(ILogger log, Guid jobId, string shape);

    [LoggerMessage(LogLevel.Error, "Job {JobId} is dead-lettered: it was started too often without coming to an end")]
    private static partial void LogDeadLettered(ILogger log, Guid jobId);
}
