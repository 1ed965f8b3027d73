using System.Buffers.Binary;
using System.Buffers.Text;

namespace HemoApi.Shadow;

/// <summary>The last run of a page: the next page starts after it. Opaque to callers.</summary>
public sealed record ShadowCursor(double DifferentMl, Guid Id)
{
    private const int Length = sizeof(double) + 16;

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, DifferentMl);
        Id.TryWriteBytes(bytes[sizeof(double)..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Null where the text is not a cursor of ours.</summary>
    public static ShadowCursor? Parse(string text)
    {
        Span<byte> bytes = stackalloc byte[Length];
        return Base64Url.IsValid(text, out var length) && length == Length && Base64Url.TryDecodeFromChars(text, bytes, out _)
            && BinaryPrimitives.ReadDoubleBigEndian(bytes) is var ml && double.IsFinite(ml)
            ? new ShadowCursor(ml, new Guid(bytes[sizeof(double)..], bigEndian: true))
            : null;
    }
}
