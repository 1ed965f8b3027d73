using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using HemoApi.Storage;

namespace HemoApi.Audit;

/// <summary>The hash that chains an entry to the one before: SHA-256 over the hash before and every field, each in one way only:
/// numbers as 8 bytes, most significant first; texts as their length in bytes (4 bytes; −1 where absent) and UTF-8; ids and addresses
/// as their text; times as 100 ns since 0001-01-01 UTC.</summary>
public static class AuditHash
{
    public const int Bytes = SHA256.HashSizeInBytes;

    /// <summary>Before the first entry.</summary>
    public static byte[] Genesis { get; } = new byte[Bytes];

    public static byte[] Of(AuditEntry entry)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(entry.PreviousHash);
        Text(sha, entry.TenantId.ToString("D"));
        Number(sha, entry.Sequence);
        Number(sha, entry.At.UtcTicks);
        Text(sha, entry.Caller);
        Text(sha, entry.Action);
        Number(sha, entry.Status ?? -1);
        Text(sha, entry.StudyId?.ToString("D"));
        Text(sha, entry.Subject);
        Text(sha, entry.Detail);
        Text(sha, entry.Address);
        return sha.GetHashAndReset();
    }

    private static void Number(IncrementalHash sha, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        sha.AppendData(bytes);
    }

    private static void Text(IncrementalHash sha, string? text)
    {
        var bytes = text is null ? [] : Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, text is null ? -1 : bytes.Length);
        sha.AppendData(length);
        sha.AppendData(bytes);
    }
}
