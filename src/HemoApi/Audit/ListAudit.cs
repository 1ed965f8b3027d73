using System.Buffers.Binary;
using System.Buffers.Text;
using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Audit;

/// <summary>The tenant's audit trail, newest first, a page at a time.</summary>
public static class ListAudit
{
    private const int DefaultLimit = 50;
    private const int MaximumLimit = 200;

    /// <param name="limit">Entries a page, 1 to 200; 50 where absent.</param>
    /// <param name="cursor">The <c>nextCursor</c> of the page before; leave the other parameters as they were.</param>
    public static async Task<Results<Ok<AuditPage>, Problem>> Handle(
        [AsParameters] AuditQuery query, [FromQuery] int? limit, [FromQuery] string? cursor, HemoDbContext db, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MaximumLimit)
        {
            return new Fault(FaultCodes.RequestInvalid, $"limit must be from 1 to {MaximumLimit}.", "Read further pages with nextCursor.").ToProblem();
        }

        var before = cursor is null ? null : Parse(cursor);
        if (cursor is not null && before is null)
        {
            return new Fault(
                FaultCodes.RequestInvalid, "cursor is not one that this service gave out.", "Use nextCursor of the page before, or leave cursor out to start anew.").ToProblem();
        }

        var size = limit ?? DefaultLimit;
        var found = await query.Of(db, before).Take(size + 1).ToListAsync(cancellationToken);
        var page = found.Take(size).ToList();
        return TypedResults.Ok(new AuditPage([.. page.Select(AuditDocument.Of)], found.Count > size ? Cursor(page[^1].Sequence) : null));
    }

    internal static string Cursor(long sequence)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, sequence);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Null where the text is not a cursor of ours.</summary>
    private static long? Parse(string text)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        return Base64Url.IsValid(text, out var length) && length == sizeof(long) && Base64Url.TryDecodeFromChars(text, bytes, out _)
            ? BinaryPrimitives.ReadInt64BigEndian(bytes)
            : null;
    }
}
