using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using HemoApi.Hosting;
using HemoApi.Storage;

namespace HemoApi.Studies;

/// <summary>What an erasure removed, for the audit trail: numbers and a hash.</summary>
/// <param name="RowsDeleted">Of results, references, shadow runs and idempotency keys.</param>
/// <param name="RowsCleared">Of the study and its jobs, which stay as tombstones: random ids, times and sizes.</param>
/// <param name="EvaluationsAnonymised">Evaluations whose figures of the study are now under an id that no one else knows.</param>
/// <param name="BlobsDeleted">Files, an upload and its results.</param>
/// <param name="BytesDeleted">Of these files.</param>
/// <param name="BlobsSha256">SHA-256, lower-case hex, over a line of key and length of each deleted blob, in the order of their keys.</param>
public sealed record ErasureReceipt(int RowsDeleted, int RowsCleared, int EvaluationsAnonymised, int BlobsDeleted, long BytesDeleted, string BlobsSha256)
{
    public static ErasureReceipt Of(ErasedRows rows, int evaluations, IReadOnlyCollection<StoredBlob> blobs) => new(
        rows.Deleted, rows.Cleared, evaluations, blobs.Count, blobs.Sum(b => b.Bytes), Sha256(blobs));

    public override string ToString() => JsonSerializer.Serialize(this, Json.Options);

    private static string Sha256(IEnumerable<StoredBlob> blobs) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Concat(blobs.OrderBy(b => b.Key, StringComparer.Ordinal).Select(b => FormattableString.Invariant($"{b.Key} {b.Bytes}\n"))))));
}

public readonly record struct ErasedRows(int Deleted, int Cleared);
