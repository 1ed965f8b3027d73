using Hangfire;
using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Jobs;
using HemoApi.Storage;
using Microsoft.Extensions.Options;

namespace HemoApi.Evaluations;

/// <summary>Runs one evaluation from its row. Running it again does no harm: only a queued one starts, and its files have the same names.</summary>
public sealed partial class EvaluateCohortJob(
    EvaluationTransitions transitions,
    RunningJobs running,
    CohortEvaluator evaluator,
    IBlobStore blobs,
    EvaluationAnonymiser anonymiser,
    IOptions<EvaluationsOptions> options,
    IOptions<JobsOptions> jobs,
    TimeProvider time,
    ILogger<EvaluateCohortJob> log)
{
    [Traced("evaluate cohort")]
    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
    public async Task Run(Guid id, CancellationToken shutdown)
    {
        if (await transitions.Start(id) is not { } claim)
        {
            if (await transitions.DeadLetter(id))
            {
                LogDeadLettered(log, id);
            }

            return;
        }

        await Run(claim, shutdown);
        await anonymiser.ForgetDeleted(id, CancellationToken.None);
    }

    private async Task Run(Claim claim, CancellationToken shutdown)
    {
        var id = claim.Id;
        using var run = running.Begin(id, options.Value.Timeout, shutdown);
        Fault? fault;
        try
        {
            await using var life = new SignsOfLife(jobs.Value.SignOfLifeInterval, time, () => transitions.SignOfLife(claim), log);
            fault = await evaluator.Run(claim, run, run.Token);
        }
        catch (OperationCanceledException) when (run.Token.IsCancellationRequested)
        {
            await Stop(claim, run);
            return;
        }
        catch (Exception e) when (e.MayPass())
        {
            // The watch queues it again, a look or two later.
            LogAway(log, id, e.Shape());
            await transitions.GiveBack(claim);
            return;
        }
        catch (Exception e)
        {
            LogFailed(log, id, e.Shape());
            fault = JobFaults.Of(e);
        }

        if (fault is null)
        {
            await End(claim);
        }
        else
        {
            await transitions.Fail(claim, fault);
            await Discard(claim);
        }
    }

    private async Task End(Claim claim)
    {
        if (!await transitions.Succeed(claim))
        {
            await Discard(claim);
        }
    }

    private async Task Stop(Claim claim, JobRun run)
    {
        await Discard(claim);
        if (run.CancelledByCaller)
        {
            return;
        }

        await (run.TimedOut ? transitions.Fail(claim, EvaluationFaults.Timeout(options.Value.Timeout)) : transitions.GiveBack(claim));
    }

    /// <summary>What this run has written; not what another one writes in the same place by now.</summary>
    private async Task Discard(Claim claim)
    {
        if (!await transitions.IsTakenOver(claim))
        {
            await blobs.DeletePrefix(BlobKeys.EvaluationPrefix(claim.Id), CancellationToken.None);
        }
    }

    [LoggerMessage(LogLevel.Error, "Evaluation {EvaluationId} failed unexpectedly: {Shape}")]
    private static partial void LogFailed(ILogger log, Guid evaluationId, string shape);

    [LoggerMessage(LogLevel.Warning, "Evaluation {EvaluationId} is given back, because the database or the blobs are away: {Shape}")]
    private static partial void LogAway(ILogger log, Guid evaluationId, string shape);

    [LoggerMessage(LogLevel.Error, "Evaluation {EvaluationId} is dead-lettered: it was started too often without coming to an end")]
    private static partial void LogDeadLettered(ILogger log, Guid evaluationId);
}
