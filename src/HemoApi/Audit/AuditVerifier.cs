using System.Globalization;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Audit;

/// <param name="Entries">Entries up to the first broken one, or all.</param>
/// <param name="Hash">Of the last entry, lower-case hex: kept elsewhere, it proves later that nothing before it was rewritten.</param>
/// <param name="BrokenAt">Sequence of the first entry that is not what was written; null where the chain is whole.</param>
/// <param name="Cause">What is wrong with it.</param>
public sealed record AuditVerdict(long Entries, string Hash, long? BrokenAt, string? Cause);

/// <summary>Computes a tenant's chain again, entry by entry, and finds the first one that was changed, removed, inserted or moved.</summary>
public static class AuditVerifier
{
    public static async Task<AuditVerdict> Verify(HemoDbContext db, Guid tenantId, CancellationToken cancellationToken)
    {
        var head = await db.AuditHeads.AsNoTracking().SingleOrDefaultAsync(h => h.TenantId == tenantId, cancellationToken);
        var entries = db.AuditEntries.AsNoTracking().Where(e => e.TenantId == tenantId).OrderBy(e => e.Sequence).AsAsyncEnumerable();
        var (count, hash) = (0L, AuditHash.Genesis);
        await foreach (var entry in entries.WithCancellation(cancellationToken))
        {
            if (Fault(entry, count + 1, hash) is { } cause)
            {
                return Broken(count + 1, cause);
            }

            (count, hash) = (count + 1, entry.Hash);

            // Entries that were appended since the end was read are newer than what is verified.
            if (count == head?.Sequence)
            {
                break;
            }
        }

        return count != (head?.Sequence ?? 0) ? Broken(count + 1, "it is missing: the chain's end is further on")
            : head is not null && !head.Hash.AsSpan().SequenceEqual(hash) ? Broken(count, "the chain's end has another hash")
            : new(count, Convert.ToHexStringLower(hash), null, null);

        AuditVerdict Broken(long at, string cause) => new(count, Convert.ToHexStringLower(hash), at, cause);
    }

    private static string? Fault(AuditEntry entry, long expected, byte[] previous) =>
        entry.Sequence != expected ? string.Create(CultureInfo.InvariantCulture, $"it is missing: entry {entry.Sequence} comes in its place")
        : !entry.PreviousHash.AsSpan().SequenceEqual(previous) ? "it does not continue the entry before"
        : !entry.Hash.AsSpan().SequenceEqual(AuditHash.Of(entry)) ? "its fields are not those that were hashed"
        : null;
}
