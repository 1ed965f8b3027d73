namespace HemoApi.Studies;

/// <summary>One entry of the central directory of a zip (APPNOTE 6.3.10, 4.3.12).</summary>
/// <param name="Name">Decoded as System.IO.Compression does, so that both find the same entry by it. May hold patient data.</param>
/// <param name="CompressedBytes">Bytes in the archive.</param>
/// <param name="Bytes">Bytes when expanded, as claimed.</param>
/// <param name="HeaderOffset">Where its local header starts.</param>
internal sealed record ZipIntakeEntry(
    string Name,
    ushort Flags,
    ushort Method,
    uint Crc32,
    long CompressedBytes,
    long Bytes,
    long HeaderOffset,
    uint ExternalAttributes)
{
    public const ushort Stored = 0;
    public const ushort Deflate = 8;

    private const int UnixTypeMask = 0xF000;
    private const int UnixFolder = 0x4000;
    private const int UnixFile = 0x8000;

    /// <summary>Where its data starts; known once the local header was read.</summary>
    public long DataOffset { get; init; }

    public bool IsFolder => Name.EndsWith('/');

    /// <summary>Bit 0, bit 6 (strong encryption), bit 13 (masked headers), or method 99 (AES).</summary>
    public bool IsEncrypted => (Flags & 0x2041) != 0 || Method == 99;

    /// <summary>Bit 3: the local header leaves CRC and sizes to a descriptor after the data.</summary>
    public bool HasDescriptor => (Flags & 0x8) != 0;

    /// <summary>A symbolic link, device, pipe or socket by the Unix mode in the upper half of the external attributes.</summary>
    public bool IsLinkOrDevice => (int)(ExternalAttributes >> 16 & UnixTypeMask) is not (0 or UnixFile or UnixFolder);
}
