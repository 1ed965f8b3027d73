using System.Data.Common;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Audit;

/// <summary>What is to be written down; sequence, time and hashes follow.</summary>
public sealed record AuditRecord(Guid TenantId, string Caller, string Action)
{
    public int? Status { get; init; }

    public Guid? StudyId { get; init; }

    public string? Subject { get; init; }

    public string? Detail { get; init; }

    public string? Address { get; init; }
}

/// <summary>An entry could not be written, so what it would have told of must not be answered.</summary>
public sealed class AuditUnavailableException(Exception cause) : Exception("the audit trail can't be written", cause);

/// <summary>Appends to the chain of a tenant. Writers of one tenant, in whatever process, come one after the other, because each locks the
/// row of the chain's end first; writers of different tenants wait for each other only where the database is SQLite.</summary>
public sealed class AuditTrail(HemoDatabase database, TimeProvider time)
{
    /// <summary>The chain of what belongs to no tenant.</summary>
    public static Guid NoTenant => Guid.Empty;

    /// <summary>Returns once the entry is committed.</summary>
    /// <exception cref="AuditUnavailableException">It is not.</exception>
    public async Task Append(AuditRecord record, CancellationToken cancellationToken)
    {
        try
        {
            await using var db = database.OpenAsSystem();
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await Append(db, record, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (Exception e) when (e is DbException or DbUpdateException)
        {
            throw new AuditUnavailableException(e);
        }
    }

    /// <summary>Within the transaction that the context has begun: the entry is there exactly where the rest is.</summary>
    public async Task Append(HemoDbContext db, AuditRecord record, CancellationToken cancellationToken)
    {
        var head = await Lock(db, record.TenantId, cancellationToken);
        var entry = Entry(record, head.Sequence, head.Hash, []);
        entry = Entry(record, head.Sequence, head.Hash, AuditHash.Of(entry), entry.At);
        db.Add(entry);
        head.Hash = entry.Hash;
        await db.SaveChangesAsync(cancellationToken);
        db.ChangeTracker.Clear();
    }

    private AuditEntry Entry(AuditRecord record, long sequence, byte[] previous, byte[] hash, DateTimeOffset? at = null) => new()
    {
        TenantId = record.TenantId,
        Sequence = sequence,
        At = at ?? time.GetUtcNow(),
        Caller = record.Caller,
        Action = record.Action,
        Status = record.Status,
        StudyId = record.StudyId,
        Subject = record.Subject,
        Detail = record.Detail,
        Address = record.Address,
        PreviousHash = previous,
        Hash = hash,
    };

    /// <summary>Counts the chain's end up by one, which locks its row until the transaction ends, and reads it.</summary>
    private static async Task<AuditHead> Lock(HemoDbContext db, Guid tenantId, CancellationToken cancellationToken)
    {
        var head = db.AuditHeads.Where(h => h.TenantId == tenantId);
        if (await Count(head, cancellationToken) == 0)
        {
            // The first of two first writers makes it; the other one waits here for that, and finds it.
            await db.Database.ExecuteSqlAsync(
                $"INSERT INTO audit_heads (tenant_id, sequence, hash) VALUES ({tenantId}, 0, {AuditHash.Genesis}) ON CONFLICT DO NOTHING", cancellationToken);
            await Count(head, cancellationToken);
        }

        return await head.SingleAsync(cancellationToken);
    }

    private static Task<int> Count(IQueryable<AuditHead> head, CancellationToken cancellationToken) =>
        head.ExecuteUpdateAsync(set => set.SetProperty(h => h.Sequence, h => h.Sequence + 1), cancellationToken);
}
