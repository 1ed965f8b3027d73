using System.Runtime.CompilerServices;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Housekeeping;

/// <summary>Blobs that no row knows. The rows are asked after the blob was listed, and a row is there before its blob, so what is being written has
/// its row already; the grace period is for clocks and for stores that list late.</summary>
public sealed class BlobOrphans(HemoDatabase database, IBlobStore blobs)
{
    public async IAsyncEnumerable<Orphan> Find(DateTimeOffset before, bool fix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsSystem();
        await foreach (var blob in blobs.List("", cancellationToken))
        {
            if (blob.ChangedAt >= before)
            {
                continue;
            }

            var owner = await Owner(db, blob.Key, cancellationToken);
            if (owner == BlobOwner.Row)
            {
                continue;
            }

            var isOurs = owner == BlobOwner.None;
            if (fix && isOurs)
            {
                await blobs.Delete(blob.Key, cancellationToken);
            }

            yield return new Orphan(isOurs ? OrphanKinds.Blob : OrphanKinds.UnknownBlob, blob.Key, null, null, fix && isOurs);
        }
    }

    private static async Task<BlobOwner> Owner(HemoDbContext db, string key, CancellationToken cancellationToken)
    {
        var parts = key.Split('/');

        // A write that was cut short, of the store in the file system; of a probe too.
        if (key.EndsWith(LocalBlobStore.TemporarySuffix, StringComparison.Ordinal) || parts[0] == "health")
        {
            return BlobOwner.None;
        }

        if (parts.Length < 3 || !Guid.TryParse(parts[1], out var id))
        {
            return BlobOwner.Stranger;
        }

        var known = parts[0] switch
        {
            "studies" when parts[2] == "references" && parts.Length > 4 && Guid.TryParse(parts[3], out var reference) =>
                await db.References.AnyAsync(r => r.Id == reference && r.StudyId == id, cancellationToken),
            // A study that is being deleted is finished by its eraser.
            "studies" => await db.Studies.AnyAsync(s => s.Id == id && s.Status != StudyStatus.Deleted, cancellationToken),
            // Of whatever job: one that is run again may be writing in the same place.
            "results" => await db.Jobs.AnyAsync(j => j.Id == id && j.Study!.Status != StudyStatus.Deleted, cancellationToken),
            "evaluations" => await db.Evaluations.AnyAsync(e => e.Id == id, cancellationToken),
            _ => (bool?)null,
        };
        return known switch
        {
            null => BlobOwner.Stranger,
            true => BlobOwner.Row,
            false => BlobOwner.None,
        };
    }

    private enum BlobOwner
    {
        Row,
        None,
        Stranger,
    }
}
