using HemoApi.Imaging;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.Extensions.Options;

namespace HemoApi.Jobs;

/// <summary>The right of one run to write a row. A run that was taken for dead and whose work was started again has lost it.</summary>
/// <param name="Attempt">Which start of the work it is.</param>
public readonly record struct Claim(Guid Id, int Attempt);

/// <summary>The changes of status that all queued work has. Each is one statement that names the status it starts from, so of two
/// processes that try the same only one succeeds; each answers whether it did. What a run writes needs its claim.</summary>
/// <param name="noun">What the work is called, with its article.</param>
/// <param name="afterDeadLetter">What to do with dead-lettered work.</param>
public abstract class WorkTransitions<T>(
    HemoDatabase database, JobSignals signals, TimeProvider time, IOptions<JobsOptions> options, string noun, string afterDeadLetter)
    where T : QueuedWork
{
    protected HemoDatabase Database => database;

    protected JobSignals Signals => signals;

    protected TimeProvider Time => time;

    /// <summary>Queued → running. The start is on record before any work, so that work which kills its process is found out.</summary>
    /// <returns>Null where it did not start.</returns>
    public async Task<Claim?> Start(Guid id)
    {
        var now = time.GetUtcNow();
        var started = await Changed(id, rows => rows
            .Where(w => w.Status == JobStatus.Queued && w.StartsWithoutEnd < options.Value.MaximumStarts)
            .ExecuteUpdateAsync(set => Reset(set
                .SetProperty(w => w.Status, JobStatus.Running)
                .SetProperty(w => w.Attempts, w => w.Attempts + 1)
                .SetProperty(w => w.StartsWithoutEnd, w => w.StartsWithoutEnd + 1)
                .SetProperty(w => w.StartedAt, now)
                .SetProperty(w => w.SeenAt, now))));
        return started is null ? null : new Claim(id, started.Attempts);
    }

    /// <summary>Queued → dead-lettered, once it was started too often without an end.</summary>
    public Task<bool> DeadLetter(Guid id) => Change(id, rows => rows
        .Where(w => w.Status == JobStatus.Queued && w.StartsWithoutEnd >= options.Value.MaximumStarts)
        .ExecuteUpdateAsync(set => set
            .SetProperty(w => w.Status, JobStatus.DeadLettered)
            .SetProperty(w => w.ErrorCode, FaultCodes.JobDeadLettered)
            .SetProperty(w => w.ErrorDetail, w => noun + " was started " + w.StartsWithoutEnd + " times and never came to an end.")
            .SetProperty(w => w.ErrorRemedy, afterDeadLetter)
            .SetProperty(w => w.FinishedAt, time.GetUtcNow())));

    /// <summary>Running → failed.</summary>
    public Task<bool> Fail(Claim claim, Fault fault) => Change(claim, held => held.ExecuteUpdateAsync(set => set
        .SetProperty(w => w.Status, JobStatus.Failed)
        .SetProperty(w => w.StartsWithoutEnd, 0)
        .SetProperty(w => w.ErrorCode, fault.Code)
        .SetProperty(w => w.ErrorDetail, fault.Detail)
        .SetProperty(w => w.ErrorRemedy, fault.Remedy)
        .SetProperty(w => w.FinishedAt, time.GetUtcNow())));

    /// <summary>Running → queued, because the process ends in good order; this start does not count as one without an end.</summary>
    public Task<bool> GiveBack(Claim claim) => Change(claim, held => held.ExecuteUpdateAsync(set => Reset(set
        .SetProperty(w => w.Status, JobStatus.Queued)
        .SetProperty(w => w.StartsWithoutEnd, w => w.StartsWithoutEnd - 1))));

    /// <summary>Running → queued where no one runs it any more; that start stays one without an end.</summary>
    public Task<bool> QueueAgain(Claim claim) => Change(claim, held => held.ExecuteUpdateAsync(set => Reset(set
        .SetProperty(w => w.Status, JobStatus.Queued))));

    /// <summary>Of several processes that find a run silent at once, this one deals with it: whoever comes later finds a younger sign of life.</summary>
    public async Task<bool> TakeOver(Claim claim, DateTimeOffset? seenAt)
    {
        await using var db = database.OpenAsSystem();
        return await Held(db, claim).Where(w => w.SeenAt == seenAt).ExecuteUpdateAsync(set => set.SetProperty(w => w.SeenAt, time.GetUtcNow())) == 1;
    }

    /// <summary>Says that the process of a run lives, for the processes that watch.</summary>
    public async Task SignOfLife(Claim claim)
    {
        await using var db = database.OpenAsSystem();
        await Held(db, claim).ExecuteUpdateAsync(set => set.SetProperty(w => w.SeenAt, time.GetUtcNow()));
    }

    /// <summary>Whether the work is another run's by now, or waits for one: then what lies in its place is not this run's to remove.</summary>
    public async Task<bool> IsTakenOver(Claim claim)
    {
        await using var db = database.OpenAsSystem();
        return await db.Set<T>().AnyAsync(w => w.Id == claim.Id && (w.Attempts != claim.Attempt || w.Status == JobStatus.Queued));
    }

    /// <summary>Where Hangfire has it now.</summary>
    public void Ticket(Guid id, string ticket)
    {
        using var db = database.OpenAsSystem();
        db.Set<T>().Where(w => w.Id == id).ExecuteUpdate(set => set.SetProperty(w => w.QueueTicket, ticket));
    }

    /// <summary>What is forgotten of an earlier start.</summary>
    protected virtual UpdateSettersBuilder<T> Reset(UpdateSettersBuilder<T> set) => set.SetProperty(w => w.Progress, 0);

    /// <summary>The row, as long as it is that run's.</summary>
    protected static IQueryable<T> Held(HemoDbContext db, Claim claim) =>
        db.Set<T>().Where(w => w.Id == claim.Id && w.Status == JobStatus.Running && w.Attempts == claim.Attempt);

    protected Task<bool> Change(Claim claim, Func<IQueryable<T>, Task<int>> update) => Change(claim.Id, rows => update(
        rows.Where(w => w.Status == JobStatus.Running && w.Attempts == claim.Attempt)));

    protected async Task<bool> Change(Guid id, Func<IQueryable<T>, Task<int>> update) => await Changed(id, update) is not null;

    /// <returns>The row as it is now; null where it was not changed.</returns>
    private async Task<T?> Changed(Guid id, Func<IQueryable<T>, Task<int>> update)
    {
        await using var db = database.OpenAsSystem();
        await using var transaction = await db.Database.BeginTransactionAsync();
        if (await update(db.Set<T>().Where(w => w.Id == id)) != 1)
        {
            return null;
        }

        var row = await db.Set<T>().AsNoTracking().SingleAsync(w => w.Id == id);
        var recorded = await Record(db, row);
        await transaction.CommitAsync();
        signals.Pulse(id);
        recorded();
        return row;
    }

    /// <summary>What does not change the status.</summary>
    protected async Task<bool> Touch(Guid id, Func<IQueryable<T>, Task<int>> update)
    {
        await using var db = database.OpenAsSystem();
        var touched = await update(db.Set<T>().Where(w => w.Id == id)) == 1;
        if (touched)
        {
            signals.Pulse(id);
        }

        return touched;
    }

    /// <summary>Writes what else belongs into the transaction of a change, last in it.</summary>
    /// <returns>What to do once it is committed.</returns>
    protected virtual Task<Action> Record(HemoDbContext db, T changed) => Task.FromResult<Action>(() => { });
}
