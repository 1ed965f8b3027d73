using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Jobs;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Studies;

/// <summary>Holds an Idempotency-Key while its request is answered. Disposed of without <see cref="Complete"/>, the key is free
/// again: a refused upload may be corrected and sent under the same key.</summary>
public sealed class UploadStudyKey : IAsyncDisposable
{
    /// <summary>How long a key is remembered.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private readonly HemoDatabase _database;
    private readonly Caller _caller;
    private readonly TimeProvider _time;
    private readonly IdempotencyRecord _record;
    private readonly SignsOfLife? _life;
    private bool _isOurs;

    /// <param name="log">Null where the key was answered before.</param>
    private UploadStudyKey(HemoDatabase database, Caller caller, TimeProvider time, IdempotencyRecord record, ILogger? log)
    {
        _database = database;
        _caller = caller;
        _time = time;
        _record = record;
        _isOurs = log is not null;
        _life = log is null ? null : new SignsOfLife(UploadStudySweep.SignOfLifeInterval, time, SignOfLife, log);
    }

    private static Fault InProgress { get; } = new(
        FaultCodes.IdempotencyInProgress,
        "The first request with this Idempotency-Key has not been answered yet.",
        "Wait for its answer, then send the same request again to read it once more.");

    /// <summary>The job that this key was answered with before; null where the key is new.</summary>
    public Guid? AnsweredJobId => _record.JobId;

    /// <returns>The key, new or answered before; or idempotency.in_progress.</returns>
    public static async Task<Outcome<UploadStudyKey>> Begin(
        HemoDatabase database, Caller caller, TimeProvider time, ILogger log, string key, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var db = database.Open(caller);
        await db.IdempotencyRecords.Where(r => r.CreatedAt < now - Lifetime).ExecuteDeleteAsync(cancellationToken);
        while (true)
        {
            var record = new IdempotencyRecord { TenantId = caller.TenantId, Key = key, CreatedAt = now };
            try
            {
                db.Add(record);
                await db.SaveChangesAsync(cancellationToken);
                return new UploadStudyKey(database, caller, time, record, log);
            }
            catch (DbUpdateException e) when (e.IsUniqueConflict())
            {
                db.ChangeTracker.Clear();
            }

            // Absent where the first request was refused meanwhile: then the key is free again.
            var first = await db.IdempotencyRecords.AsNoTracking().SingleOrDefaultAsync(r => r.Key == key, cancellationToken);
            if (first is not null)
            {
                return first.CompletedAt is null ? InProgress : new UploadStudyKey(database, caller, time, first, log: null);
            }
        }
    }

    /// <returns>idempotency.mismatch where the key was answered for another request; null where this is the same one, or the first.</returns>
    public Fault? Check(string fingerprint) => AnsweredJobId is null || _record.Fingerprint == fingerprint ? null : new Fault(
        FaultCodes.IdempotencyMismatch,
        "This Idempotency-Key was used for another upload or other options.",
        "Use a new key for each study; send the same key only to repeat the same request.");

    public async Task Complete(string fingerprint, Job job)
    {
        await using var db = _database.Open(_caller);
        await db.IdempotencyRecords.Where(r => r.Id == _record.Id).ExecuteUpdateAsync(set => set
            .SetProperty(r => r.Fingerprint, fingerprint)
            .SetProperty(r => r.StudyId, job.StudyId)
            .SetProperty(r => r.JobId, job.Id)
            .SetProperty(r => r.CompletedAt, _time.GetUtcNow()));
        _isOurs = false;
    }

    public async ValueTask DisposeAsync()
    {
        if (_life is not null)
        {
            await _life.DisposeAsync();
        }

        if (_isOurs)
        {
            await using var db = _database.Open(_caller);
            await db.IdempotencyRecords.Where(r => r.Id == _record.Id).ExecuteDeleteAsync();
        }
    }

    /// <summary>A key without an answer is as old as its last sign of life: one that grows old was left by a process that died.</summary>
    private async Task SignOfLife()
    {
        await using var db = _database.Open(_caller);
        await db.IdempotencyRecords.Where(r => r.Id == _record.Id && r.CompletedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.CreatedAt, _time.GetUtcNow()));
    }
}
