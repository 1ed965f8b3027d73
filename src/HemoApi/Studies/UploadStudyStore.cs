using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using HemoApi.Changes;
using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Jobs;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Studies;

/// <summary>Makes a study and its job of an accepted upload, once for each fingerprint: row pending → blob → row stored.</summary>
public sealed class UploadStudyStore(HemoDatabase database, IBlobStore blobs, BlobOutage outage, UploadQuotas quotas, ChangeLog changes, TimeProvider time, ILogger<UploadStudyStore> log)
{
    private static readonly TimeSpan PendingPoll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PendingPatience = TimeSpan.FromSeconds(20);

    /// <summary>Studies of this process that could not be removed at once, for the next sweep.</summary>
    private readonly ConcurrentDictionary<Guid, bool> _leftBehind = [];

    internal TimeSpan SignOfLifeInterval { get; set; } = UploadStudySweep.SignOfLifeInterval;

    /// <summary>SHA-256, lower-case hex, of what decides the result.</summary>
    public static string Fingerprint(string uploadSha256, UploadStudyOptions options) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{uploadSha256}\n{options.ModelId}\n{options.Series.InstanceUid}{(options.Series.Index is { } index ? $"\n{index}" : "")}")));

    /// <returns>The job, and whether it was there before; or quota.exceeded, queue.full, storage.full, dependency.unavailable. After a fault, and after an
    /// exception, neither row nor blob is left, or not for longer than to the next sweep.</returns>
    public async Task<Outcome<StoredJob>> Store(
        Caller caller, StudyToStore kept, string fingerprint, UploadStudyOptions options, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            if (await Find(caller, fingerprint, cancellationToken) is { } job)
            {
                return new StoredJob(job, IsNew: false);
            }

            var (study, refused) = await Claim(caller, kept, fingerprint, options, cancellationToken);
            if (refused is not null)
            {
                return refused;
            }

            if (study is not null)
            {
                return await Fill(caller, study, kept, options);
            }

            // Another request is storing the same study at this moment.
            if (time.GetElapsedTime(start) > PendingPatience)
            {
                return new Fault(
                    FaultCodes.DependencyUnavailable,
                    "Another request is storing the same study and has not ended.",
                    "Send the upload again later.");
            }

            await Task.Delay(PendingPoll, time, cancellationToken);
        }
    }

    /// <summary>The job of an upload that is stored already; null where it is not.</summary>
    public async Task<Job?> Find(Caller caller, string fingerprint, CancellationToken cancellationToken)
    {
        await using var db = database.Open(caller);
        return await db.Jobs.AsNoTracking()
            .Where(j => j.Study!.Fingerprint == fingerprint && j.Study.Status == StudyStatus.Stored)
            .OrderByDescending(j => j.CreatedAt)
            .FirstOrDefaultAsync(cancellationToken);
    }

    /// <returns>The pending study, or why there is no room for it; neither where the fingerprint is taken.</returns>
    private async Task<(Study? Study, Fault? Refused)> Claim(
        Caller caller, StudyToStore kept, string fingerprint, UploadStudyOptions options, CancellationToken cancellationToken)
    {
        var first = kept.Intake.Plan.Slices[0];
        var study = new Study
        {
            TenantId = caller.TenantId,
            Fingerprint = fingerprint,
            Status = StudyStatus.Pending,
            UploadBytes = kept.UploadBytes,
            StudyInstanceUid = kept.Intake.Plan.StudyInstanceUid,
            PatientId = first.PatientId,
            StudyDateTime = first.StudyDateTime,
            Files = kept.Files,
            Series = kept.Intake.Series,
            UsedEntries = kept.Intake.ReadableEntries,
            CreatedAt = time.GetUtcNow(),
            Site = options.Site,
        };
        await using var db = database.Open(caller);
        if (await db.Studies.AnyAsync(s => s.Fingerprint == fingerprint, cancellationToken))
        {
            return (null, null);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        try
        {
            db.Add(study);
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (e.IsUniqueConflict())
        {
            return (null, null);
        }

        if (await quotas.Reserve(db, study, options.Priority, cancellationToken) is { } fault)
        {
            return (null, fault);
        }

        await transaction.CommitAsync(cancellationToken);
        return (study, null);
    }

    private async Task<Outcome<StoredJob>> Fill(Caller caller, Study study, StudyToStore kept, UploadStudyOptions options)
    {
        // From here on it is not the caller's to cancel: it ends with both row and blob, or with neither.
        try
        {
            await using var life = new SignsOfLife(SignOfLifeInterval, time, () => SignOfLife(study.Id), log);
            await kept.File.Keep(path => blobs.PutFile(BlobKeys.Upload(study.Id), path, CancellationToken.None));
            var job = new Job
            {
                TenantId = study.TenantId,
                StudyId = study.Id,
                Priority = options.Priority,
                ModelId = options.ModelId,
                SeriesInstanceUid = kept.SeriesInstanceUid,
                CreatedAt = study.CreatedAt,
                QueuedAt = study.CreatedAt,
            };
            await using var db = database.Open(caller);
            await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
            db.Attach(study).Entity.Status = StudyStatus.Stored;
            db.Add(job);
            await db.SaveChangesAsync(CancellationToken.None);
            var change = await changes.Append(db, study.TenantId, ChangeTypes.StudyCreated, study.Id, job.Id);
            await transaction.CommitAsync(CancellationToken.None);
            changes.Announce(change);
            return new StoredJob(job, IsNew: true);
        }
        catch (Exception e)
        {
            if (e.IsDependencyAway())
            {
                outage.Suspect();
            }

            await DiscardNowOrLater(study.Id);
            if (StorageFull.Is(e))
            {
                return StorageFull.Fault;
            }

            throw;
        }
    }

    /// <summary>A pending study is as old as its last sign of life: one that grows old was left by a process that died.</summary>
    private async Task SignOfLife(Guid studyId)
    {
        await using var db = database.OpenAsSystem();
        await db.Studies.Where(s => s.Id == studyId && s.Status == StudyStatus.Pending)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.CreatedAt, time.GetUtcNow()));
    }

    /// <summary>Removes what crashed processes left half-stored before a time, and what this one could not remove when it failed.</summary>
    /// <returns>How many studies were removed.</returns>
    public async Task<int> Sweep(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsSystem();
        var pending = await db.Studies.Where(s => s.Status == StudyStatus.Pending && s.CreatedAt < before).Select(s => s.Id).ToListAsync(cancellationToken);
        List<Guid> all = [.. pending.Union(_leftBehind.Keys)];
        foreach (var id in all)
        {
            await Discard(id);
            _leftBehind.TryRemove(id, out _);
        }

        return all.Count;
    }

    /// <summary>What refused the blob or the row may refuse the removal as well.</summary>
    private async Task DiscardNowOrLater(Guid studyId)
    {
        try
        {
            await Discard(studyId);
        }
        catch (Exception e) when (e.MayPass())
        {
            _leftBehind[studyId] = true;
        }
    }

    /// <summary>Removes a pending study; one that was stored meanwhile stays whole. The row's deletion is committed after the blobs
    /// are gone, so a crash in between leaves a pending row for the next sweep and never a blob that no row knows.</summary>
    private async Task Discard(Guid studyId)
    {
        await using var db = database.OpenAsSystem();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var pending = db.Studies.Where(s => s.Id == studyId && s.Status == StudyStatus.Pending);
        if (await pending.Select(s => new { s.TenantId, s.UploadBytes }).SingleOrDefaultAsync() is { } study && await pending.ExecuteDeleteAsync() == 1)
        {
            await blobs.DeletePrefix(BlobKeys.StudyPrefix(studyId), CancellationToken.None);
            await UploadQuotas.Release(db, study.TenantId, study.UploadBytes, CancellationToken.None);
            await transaction.CommitAsync();
        }
    }
}

/// <param name="IsNew">This upload made it, so it must be queued; false where the same study was there before.</param>
public sealed record StoredJob(Job Job, bool IsNew);
