using HemoApi.Changes;
using HemoApi.Jobs;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Studies;

/// <summary>Tombstone first, then blobs, then the mark that they are gone: an erasure that a crash cuts short is finished at
/// the next start.</summary>
public sealed class StudyEraser(HemoDatabase database, IBlobStore blobs, RunningJobs running, JobSignals signals, ChangeLog changes, TimeProvider time)
{
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(30);

    /// <summary>False where the study was not there to erase any more.</summary>
    public async Task<bool> Erase(Guid studyId, CancellationToken cancellationToken)
    {
        if (!await Bury(studyId, cancellationToken))
        {
            return false;
        }

        await RemoveBlobs(studyId, cancellationToken);
        return true;
    }

    public async Task FinishInterrupted(CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsSystem();
        foreach (var id in await db.Studies.Where(s => s.Status == StudyStatus.Deleting).Select(s => s.Id).ToListAsync(cancellationToken))
        {
            await RemoveBlobs(id, cancellationToken);
        }
    }

    private async Task<bool> Bury(Guid studyId, CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsSystem();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var now = time.GetUtcNow();
        var buried = await db.Studies.Where(s => s.Id == studyId && s.Status == StudyStatus.Stored)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(s => s.Status, StudyStatus.Deleting)
                    .SetProperty(s => s.DeletedAt, now)
                    .SetProperty(s => s.Fingerprint, (string?)null)
                    .SetProperty(s => s.StudyInstanceUid, (string?)null)
                    .SetProperty(s => s.PatientId, (string?)null)
                    .SetProperty(s => s.StudyDateTime, (DateTime?)null)
                    .SetProperty(s => s.Files, new List<FileVerdict>())
                    .SetProperty(s => s.Series, new List<SeriesSummary>())
                    .SetProperty(s => s.UsedEntries, new List<string>()),
                cancellationToken);
        if (buried == 0)
        {
            return false;
        }

        await db.Jobs.Where(j => j.StudyId == studyId && (j.Status == JobStatus.Queued || j.Status == JobStatus.Running))
            .ExecuteUpdateAsync(
                set => set.SetProperty(j => j.Status, JobStatus.Cancelled).SetProperty(j => j.FinishedAt, now),
                cancellationToken);
        await db.Results.Where(r => r.StudyId == studyId).ExecuteDeleteAsync(cancellationToken);
        await db.References.Where(r => r.StudyId == studyId).ExecuteDeleteAsync(cancellationToken);
        var shadows = db.ShadowRuns.Where(r => r.StudyId == studyId);
        foreach (var shadow in await shadows.Where(r => r.Status == JobStatus.Running).Select(r => r.Id).ToListAsync(cancellationToken))
        {
            _ = running.Cancel(shadow);
        }

        await shadows.ExecuteDeleteAsync(cancellationToken);
        await db.IdempotencyRecords.Where(r => r.StudyId == studyId).ExecuteDeleteAsync(cancellationToken);
        var tenantId = await db.Studies.Where(s => s.Id == studyId).Select(s => s.TenantId).SingleAsync(cancellationToken);
        var change = await changes.Append(db, tenantId, ChangeTypes.StudyDeleted, studyId, null);
        await transaction.CommitAsync(cancellationToken);
        changes.Announce(change);
        return true;
    }

    /// <summary>Waits for a run of this process to stop first, so that it can't write after the deletion. Runs of other processes
    /// find their row cancelled and discard what they wrote.</summary>
    private async Task RemoveBlobs(Guid studyId, CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsSystem();
        var jobs = await db.Jobs.Where(j => j.StudyId == studyId).Select(j => j.Id).ToListAsync(cancellationToken);
        foreach (var job in jobs)
        {
            signals.Pulse(job);
            await running.Cancel(job).WaitAsync(LongestStop, time, cancellationToken);
            await blobs.DeletePrefix(BlobKeys.ResultsPrefix(job), cancellationToken);
        }

        await blobs.DeletePrefix(BlobKeys.StudyPrefix(studyId), cancellationToken);
        await MarkDeleted(db, studyId, cancellationToken);
    }

    /// <summary>Once, whoever else finishes the same erasure: from now on its bytes no longer count.</summary>
    private static async Task MarkDeleted(HemoDbContext db, Guid studyId, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var study = db.Studies.Where(s => s.Id == studyId);
        if (await study.Where(s => s.Status == StudyStatus.Deleting).ExecuteUpdateAsync(set => set.SetProperty(s => s.Status, StudyStatus.Deleted), cancellationToken) == 1)
        {
            var row = await study.Select(s => new { s.TenantId, s.UploadBytes }).SingleAsync(cancellationToken);
            await UploadQuotas.Release(db, row.TenantId, row.UploadBytes, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
    }
}
