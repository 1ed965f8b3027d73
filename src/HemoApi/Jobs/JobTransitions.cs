using HemoApi.Imaging;
using HemoApi.Results;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HemoApi.Jobs;

/// <summary>Every change of a job's status. Each is one statement that names the status it starts from, so of two processes
/// that try the same only one succeeds; each answers whether it did.</summary>
public sealed class JobTransitions(HemoDatabase database, JobSignals signals, TimeProvider time, IOptions<JobsOptions> options)
{
    /// <summary>Queued → running. The start is on record before any work, so that a job which kills its process is found out.</summary>
    public Task<bool> Start(Guid jobId) => Change(jobId, jobs => jobs
        .Where(j => j.Status == JobStatus.Queued && j.StartsWithoutEnd < options.Value.MaximumStarts)
        .ExecuteUpdateAsync(set => set
            .SetProperty(j => j.Status, JobStatus.Running)
            .SetProperty(j => j.Attempts, j => j.Attempts + 1)
            .SetProperty(j => j.StartsWithoutEnd, j => j.StartsWithoutEnd + 1)
            .SetProperty(j => j.StartedAt, time.GetUtcNow())
            .SetProperty(j => j.SeenAt, time.GetUtcNow())
            .SetProperty(j => j.Progress, 0)
            .SetProperty(j => j.Stage, (string?)null)));

    /// <summary>Queued as routine → queued as stat, behind the stat jobs that are there. Never the other way.</summary>
    public Task<bool> Expedite(Guid jobId) => Change(jobId, jobs => jobs
        .Where(j => j.Status == JobStatus.Queued && j.Priority == JobPriority.Routine)
        .ExecuteUpdateAsync(set => set
            .SetProperty(j => j.Priority, JobPriority.Stat)
            .SetProperty(j => j.QueuedAt, time.GetUtcNow())));

    /// <summary>Queued → dead-lettered, once it was started too often without an end.</summary>
    public Task<bool> DeadLetter(Guid jobId) => Change(jobId, jobs => jobs
        .Where(j => j.Status == JobStatus.Queued && j.StartsWithoutEnd >= options.Value.MaximumStarts)
        .ExecuteUpdateAsync(set => set
            .SetProperty(j => j.Status, JobStatus.DeadLettered)
            .SetProperty(j => j.ErrorCode, FaultCodes.JobDeadLettered)
            .SetProperty(j => j.ErrorDetail, j => "The job was started " + j.StartsWithoutEnd + " times and never came to an end.")
            .SetProperty(j => j.ErrorRemedy, "Report the job's id to whoever runs the service; retry it once the cause is found.")
            .SetProperty(j => j.FinishedAt, time.GetUtcNow())));

    /// <summary>Running → failed.</summary>
    public Task<bool> Fail(Guid jobId, Fault fault) => Change(jobId, jobs => jobs
        .Where(j => j.Status == JobStatus.Running)
        .ExecuteUpdateAsync(set => set
            .SetProperty(j => j.Status, JobStatus.Failed)
            .SetProperty(j => j.StartsWithoutEnd, 0)
            .SetProperty(j => j.ErrorCode, fault.Code)
            .SetProperty(j => j.ErrorDetail, fault.Detail)
            .SetProperty(j => j.ErrorRemedy, fault.Remedy)
            .SetProperty(j => j.FinishedAt, time.GetUtcNow())));

    /// <summary>Queued or running → cancelled.</summary>
    public Task<bool> Cancel(Guid jobId, JobStatus from) => Change(jobId, jobs => jobs
        .Where(j => j.Status == from)
        .ExecuteUpdateAsync(set => set
            .SetProperty(j => j.Status, JobStatus.Cancelled)
            .SetProperty(j => j.StartsWithoutEnd, 0)
            .SetProperty(j => j.FinishedAt, time.GetUtcNow())));

    /// <summary>Running stays running, with a wish on record that its worker will see.</summary>
    public Task<bool> RequestCancel(Guid jobId) => Change(jobId, jobs => jobs
        .Where(j => j.Status == JobStatus.Running)
        .ExecuteUpdateAsync(set => set.SetProperty(j => j.CancelRequested, true)));

    /// <summary>Running → queued, because the process ends in good order; this start does not count as one without an end.</summary>
    public Task<bool> GiveBack(Guid jobId) => Change(jobId, jobs => jobs
        .Where(j => j.Status == JobStatus.Running)
        .ExecuteUpdateAsync(set => set
            .SetProperty(j => j.Status, JobStatus.Queued)
            .SetProperty(j => j.StartsWithoutEnd, j => j.StartsWithoutEnd - 1)
            .SetProperty(j => j.Progress, 0)
            .SetProperty(j => j.Stage, (string?)null)));

    /// <summary>Running → queued where no one runs it; the start of that many attempts stays one without an end.</summary>
    public Task<bool> QueueAgain(Guid jobId, int attempts) => Change(jobId, jobs => jobs
        .Where(j => j.Status == JobStatus.Running && j.Attempts == attempts)
        .ExecuteUpdateAsync(set => set
            .SetProperty(j => j.Status, JobStatus.Queued)
            .SetProperty(j => j.Progress, 0)
            .SetProperty(j => j.Stage, (string?)null)));

    /// <summary>Failed, cancelled or dead-lettered → queued, with a clean slate.</summary>
    public Task<bool> Retry(Guid jobId) => Change(jobId, jobs => jobs
        .Where(j => j.Status == JobStatus.Failed || j.Status == JobStatus.Cancelled || j.Status == JobStatus.DeadLettered)
        .Where(j => j.Study!.Status == StudyStatus.Stored)
        .ExecuteUpdateAsync(set => set
            .SetProperty(j => j.Status, JobStatus.Queued)
            .SetProperty(j => j.StartsWithoutEnd, 0)
            .SetProperty(j => j.CancelRequested, false)
            .SetProperty(j => j.Progress, 0)
            .SetProperty(j => j.Stage, (string?)null)
            .SetProperty(j => j.ErrorCode, (string?)null)
            .SetProperty(j => j.ErrorDetail, (string?)null)
            .SetProperty(j => j.ErrorRemedy, (string?)null)
            .SetProperty(j => j.QueuedAt, time.GetUtcNow())
            .SetProperty(j => j.StartedAt, (DateTimeOffset?)null)
            .SetProperty(j => j.FinishedAt, (DateTimeOffset?)null)));

    /// <summary>Running → succeeded and its result pending → complete, in one transaction. False where the job was cancelled or
    /// its study deleted meanwhile: then the result is not wanted.</summary>
    public async Task<bool> Succeed(Guid jobId, StoredResult result)
    {
        await using var db = database.OpenAsSystem();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var now = time.GetUtcNow();
        var jobs = await db.Jobs
            .Where(j => j.Id == jobId && j.Status == JobStatus.Running && j.Study!.Status == StudyStatus.Stored)
            .ExecuteUpdateAsync(set => set
                .SetProperty(j => j.Status, JobStatus.Succeeded)
                .SetProperty(j => j.StartsWithoutEnd, 0)
                .SetProperty(j => j.Progress, 1)
                .SetProperty(j => j.Stage, (string?)null)
                .SetProperty(j => j.StageSeconds, result.StageSeconds)
                .SetProperty(j => j.FinishedAt, now));
        var row = await db.Results.SingleOrDefaultAsync(r => r.JobId == jobId);
        if (jobs == 0 || row is null)
        {
            return false;
        }

        result.CopyTo(row, now);
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        signals.Pulse(jobId);
        return true;
    }

    /// <summary>Saves how far a running job is. False once it should stop: a caller wishes so, or it is not running any more.</summary>
    public async Task<bool> Progress(Guid jobId, PipelineProgress? progress)
    {
        await using var db = database.OpenAsSystem();
        var running = db.Jobs.Where(j => j.Id == jobId && j.Status == JobStatus.Running);
        if (progress is { } p)
        {
            await running.ExecuteUpdateAsync(set => set.SetProperty(j => j.Stage, p.Stage).SetProperty(j => j.Progress, p.Fraction));
            signals.Pulse(jobId);
        }

        return await running.AnyAsync(j => !j.CancelRequested);
    }

    /// <summary>Says that the process of a running job lives, for the processes that watch.</summary>
    public async Task SignOfLife(Guid jobId)
    {
        await using var db = database.OpenAsSystem();
        await db.Jobs.Where(j => j.Id == jobId && j.Status == JobStatus.Running)
            .ExecuteUpdateAsync(set => set.SetProperty(j => j.SeenAt, time.GetUtcNow()));
    }

    /// <summary>Where Hangfire has it now.</summary>
    public void Ticket(Guid jobId, string ticket)
    {
        using var db = database.OpenAsSystem();
        db.Jobs.Where(j => j.Id == jobId).ExecuteUpdate(set => set.SetProperty(j => j.QueueTicket, ticket));
    }

    private async Task<bool> Change(Guid jobId, Func<IQueryable<Job>, Task<int>> update)
    {
        await using var db = database.OpenAsSystem();
        var changed = await update(db.Jobs.Where(j => j.Id == jobId)) == 1;
        if (changed)
        {
            signals.Pulse(jobId);
        }

        return changed;
    }
}
