using HemoApi.Audit;
using HemoApi.Changes;
using HemoApi.Evaluations;
using HemoApi.Jobs;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Studies;

/// <summary>Tombstone first, then evaluations and blobs, then the receipt with the mark that they are gone: an erasure that a crash cuts
/// short is finished at the next start.</summary>
public sealed class StudyEraser(
    HemoDatabase database, IBlobStore blobs, EvaluationAnonymiser evaluations, AuditTrail trail, RunningJobs running, JobSignals signals, ChangeLog changes, TimeProvider time)
{
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(30);

    /// <param name="caller">For the receipt in the audit trail.</param>
    /// <returns>False where the study was not there to erase any more.</returns>
    public async Task<bool> Erase(Guid studyId, string caller, CancellationToken cancellationToken)
    {
        if (await Bury(studyId, cancellationToken) is not { } rows)
        {
            return false;
        }

        await Finish(studyId, caller, rows, cancellationToken);
        return true;
    }

    public async Task FinishInterrupted(CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsSystem();
        foreach (var id in await db.Studies.Where(s => s.Status == StudyStatus.Deleting).Select(s => s.Id).ToListAsync(cancellationToken))
        {
            await Finish(id, "service", default, cancellationToken);
        }
    }

    private async Task<ErasedRows?> Bury(Guid studyId, CancellationToken cancellationToken)
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
                    .SetProperty(s => s.Site, (string?)null)
                    .SetProperty(s => s.Files, new List<FileVerdict>())
                    .SetProperty(s => s.Series, new List<SeriesSummary>())
                    .SetProperty(s => s.UsedEntries, new List<string>()),
                cancellationToken);
        if (buried == 0)
        {
            return null;
        }

        var jobs = db.Jobs.Where(j => j.StudyId == studyId);
        await jobs.Where(j => j.Status == JobStatus.Queued || j.Status == JobStatus.Running)
            .ExecuteUpdateAsync(
                set => set.SetProperty(j => j.Status, JobStatus.Cancelled).SetProperty(j => j.FinishedAt, now),
                cancellationToken);
        var cleared = await jobs.ExecuteUpdateAsync(
            set => set
                .SetProperty(j => j.SeriesInstanceUid, (string?)null)
                .SetProperty(j => j.ErrorDetail, (string?)null)
                .SetProperty(j => j.ErrorRemedy, (string?)null),
            cancellationToken);
        var deleted = await db.Results.Where(r => r.StudyId == studyId).ExecuteDeleteAsync(cancellationToken);
        var references = db.References.Where(r => r.StudyId == studyId);
        var maskBytes = await references.SumAsync(r => r.Bytes, cancellationToken);
        deleted += await references.ExecuteDeleteAsync(cancellationToken);
        var shadows = db.ShadowRuns.Where(r => r.StudyId == studyId);
        foreach (var shadow in await shadows.Where(r => r.Status == JobStatus.Running).Select(r => r.Id).ToListAsync(cancellationToken))
        {
            _ = running.Cancel(shadow);
        }

        deleted += await shadows.ExecuteDeleteAsync(cancellationToken);
        deleted += await db.IdempotencyRecords.Where(r => r.StudyId == studyId).ExecuteDeleteAsync(cancellationToken);
        var tenantId = await db.Studies.Where(s => s.Id == studyId).Select(s => s.TenantId).SingleAsync(cancellationToken);
        await UploadQuotas.Release(db, tenantId, maskBytes, cancellationToken);
        var change = await changes.Append(db, tenantId, ChangeTypes.StudyDeleted, studyId, null);
        await transaction.CommitAsync(cancellationToken);
        changes.Announce(change);
        return new ErasedRows(deleted, cleared + 1);
    }

    /// <param name="rows">What <see cref="Bury"/> removed; nothing where a crash came between.</param>
    private async Task Finish(Guid studyId, string caller, ErasedRows rows, CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsSystem();
        var study = await db.Studies.Where(s => s.Id == studyId).Select(s => new { s.TenantId, s.UploadBytes }).SingleAsync(cancellationToken);
        var removed = await RemoveBlobs(db, studyId, cancellationToken);
        var anonymised = await evaluations.Forget(study.TenantId, studyId, cancellationToken);

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var ended = await db.Studies.Where(s => s.Id == studyId && s.Status == StudyStatus.Deleting)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.Status, StudyStatus.Deleted), cancellationToken);
        if (ended == 1)
        {
            await trail.Append(
                db,
                new AuditRecord(study.TenantId, caller, "study.erased") { StudyId = studyId, Detail = ErasureReceipt.Of(rows, anonymised, removed).ToString() },
                cancellationToken);

            // The tenant's row is locked last, as everywhere.
            await UploadQuotas.Release(db, study.TenantId, study.UploadBytes, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        await db.Checkpoint(cancellationToken);
    }

    /// <summary>Waits for a run of this process to stop first, so that it can't write after the deletion. Runs of other processes
    /// find their row cancelled and discard what they wrote.</summary>
    private async Task<IReadOnlyCollection<StoredBlob>> RemoveBlobs(HemoDbContext db, Guid studyId, CancellationToken cancellationToken)
    {
        List<StoredBlob> removed = [];
        var jobs = await db.Jobs.Where(j => j.StudyId == studyId).Select(j => j.Id).ToListAsync(cancellationToken);
        foreach (var job in jobs)
        {
            signals.Pulse(job);
            await running.Cancel(job).WaitAsync(LongestStop, time, cancellationToken);
            await Remove(BlobKeys.ResultsPrefix(job));
        }

        await Remove(BlobKeys.StudyPrefix(studyId));
        return removed;

        async Task Remove(string prefix)
        {
            await foreach (var blob in blobs.List(prefix, cancellationToken))
            {
                removed.Add(blob);
            }

            await blobs.DeletePrefix(prefix, cancellationToken);
        }
    }
}
