using HemoApi.Imaging;
using HemoApi.Jobs;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HemoApi.Evaluations;

/// <summary>Every change of an evaluation's status. Each is one statement that names the status it starts from, and answers whether it
/// took place.</summary>
public sealed class EvaluationTransitions(HemoDatabase database, JobSignals signals, TimeProvider time, IOptions<JobsOptions> options)
{
    /// <summary>Queued → running. The start is on record before any work, so that an evaluation which kills its process is found out.</summary>
    public Task<bool> Start(Guid id) => Change(id, rows => rows
        .Where(e => e.Status == JobStatus.Queued && e.StartsWithoutEnd < options.Value.MaximumStarts)
        .ExecuteUpdateAsync(set => set
            .SetProperty(e => e.Status, JobStatus.Running)
            .SetProperty(e => e.Attempts, e => e.Attempts + 1)
            .SetProperty(e => e.StartsWithoutEnd, e => e.StartsWithoutEnd + 1)
            .SetProperty(e => e.StartedAt, time.GetUtcNow())
            .SetProperty(e => e.SeenAt, time.GetUtcNow())
            .SetProperty(e => e.Progress, 0)));

    /// <summary>Queued → dead-lettered, once it was started too often without an end.</summary>
    public Task<bool> DeadLetter(Guid id) => Change(id, rows => rows
        .Where(e => e.Status == JobStatus.Queued && e.StartsWithoutEnd >= options.Value.MaximumStarts)
        .ExecuteUpdateAsync(set => set
            .SetProperty(e => e.Status, JobStatus.DeadLettered)
            .SetProperty(e => e.ErrorCode, FaultCodes.JobDeadLettered)
            .SetProperty(e => e.ErrorDetail, e => "The evaluation was started " + e.StartsWithoutEnd + " times and never came to an end.")
            .SetProperty(e => e.ErrorRemedy, "Report the evaluation's id to whoever runs the service; create it again once the cause is found.")
            .SetProperty(e => e.FinishedAt, time.GetUtcNow())));

    /// <summary>Running → failed.</summary>
    public Task<bool> Fail(Guid id, Fault fault) => Change(id, rows => rows
        .Where(e => e.Status == JobStatus.Running)
        .ExecuteUpdateAsync(set => set
            .SetProperty(e => e.Status, JobStatus.Failed)
            .SetProperty(e => e.StartsWithoutEnd, 0)
            .SetProperty(e => e.ErrorCode, fault.Code)
            .SetProperty(e => e.ErrorDetail, fault.Detail)
            .SetProperty(e => e.ErrorRemedy, fault.Remedy)
            .SetProperty(e => e.FinishedAt, time.GetUtcNow())));

    /// <summary>Running → succeeded. False where it was deleted meanwhile: then its files are not wanted.</summary>
    public Task<bool> Succeed(Guid id) => Change(id, rows => rows
        .Where(e => e.Status == JobStatus.Running)
        .ExecuteUpdateAsync(set => set
            .SetProperty(e => e.Status, JobStatus.Succeeded)
            .SetProperty(e => e.StartsWithoutEnd, 0)
            .SetProperty(e => e.Progress, 1)
            .SetProperty(e => e.FinishedAt, time.GetUtcNow())));

    /// <summary>Running → queued, because the process ends in good order; this start does not count as one without an end.</summary>
    public Task<bool> GiveBack(Guid id) => Change(id, rows => rows
        .Where(e => e.Status == JobStatus.Running)
        .ExecuteUpdateAsync(set => set
            .SetProperty(e => e.Status, JobStatus.Queued)
            .SetProperty(e => e.StartsWithoutEnd, e => e.StartsWithoutEnd - 1)
            .SetProperty(e => e.Progress, 0)));

    /// <summary>Running → queued where no one runs it; the start of that many attempts stays one without an end.</summary>
    public Task<bool> QueueAgain(Guid id, int attempts) => Change(id, rows => rows
        .Where(e => e.Status == JobStatus.Running && e.Attempts == attempts)
        .ExecuteUpdateAsync(set => set
            .SetProperty(e => e.Status, JobStatus.Queued)
            .SetProperty(e => e.Progress, 0)));

    /// <summary>Says that the process of a running evaluation lives, for the processes that watch.</summary>
    public async Task SignOfLife(Guid id)
    {
        await using var db = database.OpenAsSystem();
        await db.Evaluations.Where(e => e.Id == id && e.Status == JobStatus.Running)
            .ExecuteUpdateAsync(set => set.SetProperty(e => e.SeenAt, time.GetUtcNow()));
    }

    /// <summary>Where Hangfire has it now.</summary>
    public void Ticket(Guid id, string ticket)
    {
        using var db = database.OpenAsSystem();
        db.Evaluations.Where(e => e.Id == id).ExecuteUpdate(set => set.SetProperty(e => e.QueueTicket, ticket));
    }

    /// <summary>Saves how far a running evaluation is. False once it should stop, because it was deleted.</summary>
    public Task<bool> Progress(Guid id, double fraction) => Change(id, rows => rows
        .Where(e => e.Status == JobStatus.Running)
        .ExecuteUpdateAsync(set => set.SetProperty(e => e.Progress, fraction)));

    private async Task<bool> Change(Guid id, Func<IQueryable<Evaluation>, Task<int>> update)
    {
        await using var db = database.OpenAsSystem();
        var changed = await update(db.Evaluations.Where(e => e.Id == id)) == 1;
        if (changed)
        {
            signals.Pulse(id);
        }

        return changed;
    }
}
