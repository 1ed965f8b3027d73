namespace HemoApi.Studies;

/// <summary>Recognises archives by their first bytes, whatever their name: an archive in an archive is how zip bombs get past
/// a limit on ratio, and its content would go unchecked.</summary>
internal static class ZipIntakeMagic
{
    private const int TarMagicOffset = 257;

    public static bool IsArchive(ReadOnlySpan<byte> head) =>
        head.StartsWith("PK\u0003\u0004"u8) // zip
        || head.StartsWith("PK\u0005\u0006"u8) // empty zip
        || head.StartsWith("PK\u0007\u0008"u8) // spanned zip
        || head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B, 0x08]) // gzip
        || head.StartsWith("BZh"u8) // bzip2
        || head.StartsWith((ReadOnlySpan<byte>)[0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]) // xz
        || head.StartsWith((ReadOnlySpan<byte>)[0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]) // 7z
        || head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]) // zstd
        || head.StartsWith("Rar!\u001a\u0007"u8)
        || head.StartsWith("MSCF\0\0\0\0"u8) // cabinet
        || (head.Length > TarMagicOffset && head[TarMagicOffset..].StartsWith("ustar"u8));
}
