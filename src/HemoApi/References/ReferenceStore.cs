using System.Security.Cryptography;
using HemoApi.Imaging;
using HemoApi.Imaging.Export;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;
using HemoApi.Results;
using HemoApi.Storage;
using HemoApi.Studies;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.References;

/// <summary>Reference masks: row pending → blob → row complete.</summary>
public sealed class ReferenceStore(HemoDatabase database, IBlobStore blobs, StoredMasks masks, UploadQuotas quotas)
{
    /// <returns>The row; or reference.exists, gone, quota.exceeded, storage.full. After a fault, and after an exception, neither row nor blob is left.</returns>
    public async Task<Outcome<ReferenceMask>> Add(ReferenceMask reference, LabelVolume mask)
    {
        if (!await Claim(reference))
        {
            return ReferenceFaults.Exists(reference.Reader);
        }

        try
        {
            (reference.Sha256, reference.Bytes) = await Put(BlobKeys.ReferenceMask(reference.StudyId, reference.Id), mask);
            if (await Complete(reference) is not { } fault)
            {
                reference.Status = ResultStatus.Complete;
                return reference;
            }

            await Remove(reference);
            return fault;
        }
        catch (IOException e) when (StorageFull.Is(e))
        {
            await Remove(reference);
            return StorageFull.Fault;
        }
        catch
        {
            await Remove(reference);
            throw;
        }
    }

    /// <summary>The row goes last, so that a deletion which is cut short can be repeated.</summary>
    public async Task Remove(ReferenceMask reference)
    {
        await blobs.DeletePrefix(BlobKeys.ReferencePrefix(reference.StudyId, reference.Id), CancellationToken.None);
        await using var db = database.OpenAsSystem();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var row = db.References.Where(r => r.Id == reference.Id);
        var bytes = await row.Select(r => r.Bytes).SingleOrDefaultAsync();

        // Of two deletions at once, one gives the bytes back.
        if (await row.ExecuteDeleteAsync() == 1)
        {
            await UploadQuotas.Release(db, reference.TenantId, bytes, CancellationToken.None);
            await transaction.CommitAsync();
        }
    }

    /// <summary>Clears what uploads left behind that a crash cut short before a time.</summary>
    public async Task Sweep(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsSystem();
        foreach (var pending in await db.References.AsNoTracking().Where(r => r.Status == ResultStatus.Pending && r.CreatedAt < before).ToListAsync(cancellationToken))
        {
            await Remove(pending);
        }
    }

    /// <summary>The mask of a reference on its study's grid.</summary>
    /// <exception cref="InvalidOperationException">The blob is not the mask that was stored.</exception>
    public Task<LabelVolume> Load(ReferenceMask reference, VolumeGeometry geometry, CancellationToken cancellationToken) =>
        masks.Load(BlobKeys.ReferenceMask(reference.StudyId, reference.Id), geometry, cancellationToken);

    /// <param name="method"><see cref="ReferenceOptions.Majority"/> or <see cref="ReferenceOptions.Staple"/>.</param>
    /// <param name="masks">At least two, of one geometry.</param>
    public static LabelVolume Consensus(string method, IReadOnlyList<LabelVolume> masks) => method == ReferenceOptions.Staple
        ? Imaging.Evaluation.Consensus.Staple(masks).Mask
        : Imaging.Evaluation.Consensus.Majority(masks);

    private async Task<bool> Claim(ReferenceMask reference)
    {
        await using var db = database.OpenAsSystem();
        db.References.Add(reference);
        try
        {
            await db.SaveChangesAsync();
            return true;
        }
        catch (DbUpdateException e) when (e.IsUniqueConflict())
        {
            return false;
        }
    }

    /// <returns>gone where the study was deleted meanwhile, quota.exceeded, or null.</returns>
    private async Task<Fault?> Complete(ReferenceMask reference)
    {
        await using var db = database.OpenAsSystem();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var completed = await db.References.Where(r => r.Id == reference.Id && r.Study!.Status == StudyStatus.Stored)
            .ExecuteUpdateAsync(set => set
                .SetProperty(r => r.Status, ResultStatus.Complete)
                .SetProperty(r => r.Sha256, reference.Sha256)
                .SetProperty(r => r.Bytes, reference.Bytes));
        if (completed == 0)
        {
            return StudyFaults.Gone;
        }

        if (await quotas.ReserveBytes(db, reference.TenantId, reference.Bytes, CancellationToken.None) is { } fault)
        {
            return fault;
        }

        await transaction.CommitAsync();
        return null;
    }

    /// <returns>SHA-256 of the blob, lower-case hex, and its length.</returns>
    private async Task<(string Sha256, long Bytes)> Put(string key, LabelVolume mask)
    {
        using var sha = SHA256.Create();
        var bytes = 0L;
        await blobs.Put(
            key,
            (file, _) =>
            {
                using var hashing = new CryptoStream(file, sha, CryptoStreamMode.Write, leaveOpen: true);
                NiftiWriter.WriteMask(mask, hashing);
                hashing.FlushFinalBlock();
                bytes = file.Length;
                return Task.CompletedTask;
            },
            CancellationToken.None);
        return (Convert.ToHexStringLower(sha.Hash!), bytes);
    }
}
