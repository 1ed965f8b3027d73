using HemoApi.Changes;
using HemoApi.Imaging;
using HemoApi.Results;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.Extensions.Options;

namespace HemoApi.Jobs;

/// <summary>Every change of a job's status; each is in the tenant's log of changes.</summary>
public sealed class JobTransitions(HemoDatabase database, JobSignals signals, ChangeLog changes, TimeProvider time, IOptions<JobsOptions> options)
    : WorkTransitions<Job>(
        database, signals, time, options, "The job", "Report the job's id to whoever runs the service; retry it once the cause is found.")
{
    /// <summary>The job that is to be started next; null where none waits.</summary>
    public async Task<Guid?> Next()
    {
        await using var db = Database.OpenAsSystem();
        return await FairQueue.Next(db);
    }

    /// <summary>Queued as routine → queued as stat, behind the stat jobs that are there. Never the other way.</summary>
    public Task<bool> Expedite(Guid jobId) => Touch(jobId, jobs => jobs
        .Where(j => j.Status == JobStatus.Queued && j.Priority == JobPriority.Routine)
        .ExecuteUpdateAsync(set => set
            .SetProperty(j => j.Priority, JobPriority.Stat)
            .SetProperty(j => j.QueuedAt, Time.GetUtcNow())));

    /// <summary>Queued → cancelled.</summary>
    public Task<bool> CancelQueued(Guid jobId) => Change(jobId, jobs => Cancel(jobs.Where(j => j.Status == JobStatus.Queued)));

    /// <summary>Running → cancelled.</summary>
    public Task<bool> Cancel(Claim claim) => Change(claim, Cancel);

    /// <summary>Running stays running, with a wish on record that its worker will see.</summary>
    public Task<bool> RequestCancel(Guid jobId) => Touch(jobId, jobs => jobs
        .Where(j => j.Status == JobStatus.Running)
        .ExecuteUpdateAsync(set => set.SetProperty(j => j.CancelRequested, true)));

    /// <summary>Failed, cancelled or dead-lettered → queued, with a clean slate.</summary>
    public Task<bool> Retry(Guid jobId) => Change(jobId, jobs => jobs
        .Where(j => j.Status == JobStatus.Failed || j.Status == JobStatus.Cancelled || j.Status == JobStatus.DeadLettered)
        .Where(j => j.Study!.Status == StudyStatus.Stored)
        .ExecuteUpdateAsync(set => Reset(set
            .SetProperty(j => j.Status, JobStatus.Queued)
            .SetProperty(j => j.StartsWithoutEnd, 0)
            .SetProperty(j => j.CancelRequested, false)
            .SetProperty(j => j.ErrorCode, (string?)null)
            .SetProperty(j => j.ErrorDetail, (string?)null)
            .SetProperty(j => j.ErrorRemedy, (string?)null)
            .SetProperty(j => j.QueuedAt, Time.GetUtcNow())
            .SetProperty(j => j.StartedAt, (DateTimeOffset?)null)
            .SetProperty(j => j.FinishedAt, (DateTimeOffset?)null))));

    /// <summary>Running → succeeded and its result pending → complete, in one transaction. False where the job was cancelled, its study
    /// deleted or the work taken over meanwhile: then the result is not wanted; and where the pending result is gone.</summary>
    public async Task<bool> Succeed(Claim claim, StoredResult result)
    {
        await using var db = Database.OpenAsSystem();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var now = Time.GetUtcNow();
        var jobs = await Held(db, claim).Where(j => j.Study!.Status == StudyStatus.Stored)
            .ExecuteUpdateAsync(set => set
                .SetProperty(j => j.Status, JobStatus.Succeeded)
                .SetProperty(j => j.StartsWithoutEnd, 0)
                .SetProperty(j => j.Progress, 1)
                .SetProperty(j => j.Stage, (string?)null)
                .SetProperty(j => j.StageSeconds, result.StageSeconds)
                .SetProperty(j => j.FinishedAt, now));
        var row = await db.Results.SingleOrDefaultAsync(r => r.JobId == claim.Id);
        if (jobs == 0 || row is null)
        {
            return false;
        }

        result.CopyTo(row, now);
        db.Database.AutoSavepointsEnabled = false;
        await db.SaveChangesAsync();
        var recorded = await Record(db, await db.Jobs.AsNoTracking().SingleAsync(j => j.Id == claim.Id));
        await transaction.CommitAsync();
        Signals.Pulse(claim.Id);
        recorded();
        return true;
    }

    /// <summary>Whether the job is still that run's, and someone waits for its result.</summary>
    public async Task<bool> IsWanted(Claim claim)
    {
        await using var db = Database.OpenAsSystem();
        return await Held(db, claim).AnyAsync(j => !j.CancelRequested && j.Study!.Status == StudyStatus.Stored);
    }

    /// <summary>Saves how far a run is. False once it should stop: a caller wishes so, or the job is not its any more.</summary>
    public async Task<bool> Progress(Claim claim, PipelineProgress? progress)
    {
        await using var db = Database.OpenAsSystem();
        var held = Held(db, claim);
        if (progress is { } p)
        {
            await held.ExecuteUpdateAsync(set => set.SetProperty(j => j.Stage, p.Stage).SetProperty(j => j.Progress, p.Fraction));
            Signals.Pulse(claim.Id);
        }

        return await held.AnyAsync(j => !j.CancelRequested);
    }

    protected override async Task<Action> Record(HemoDbContext db, Job changed)
    {
        if (changed.Status == JobStatus.Running)
        {
            await FairQueue.Took(db, changed.TenantId, changed.Priority, Time.GetUtcNow());
        }

        var change = await changes.Append(db, changed.TenantId, ChangeTypes.Of(changed.Status), changed.StudyId, changed.Id);
        return () => changes.Announce(change);
    }

    protected override UpdateSettersBuilder<Job> Reset(UpdateSettersBuilder<Job> set) => base.Reset(set).SetProperty(j => j.Stage, (string?)null);

    private Task<int> Cancel(IQueryable<Job> jobs) => jobs.ExecuteUpdateAsync(set => set
        .SetProperty(j => j.Status, JobStatus.Cancelled)
        .SetProperty(j => j.StartsWithoutEnd, 0)
        .SetProperty(j => j.FinishedAt, Time.GetUtcNow()));
}
