using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using HemoApi.Imaging;
using Microsoft.Win32.SafeHandles;

namespace HemoApi.Studies;

/// <summary>Finds each entry's data by its local header (APPNOTE 6.3.10, 4.3.7) and refuses archives whose entries share bytes
/// (the quadratic zip bomb) or whose local headers tell another story than the directory.</summary>
internal static class ZipIntakeLayout
{
    private const uint Signature = 0x04034b50;
    private const int HeaderBytes = 30;

    /// <returns>The same entries in the same order with their data offsets; otherwise zip.invalid, zip.unsafe or zip.encrypted.</returns>
    public static Outcome<ZipIntakeEntry[]> Place(SafeFileHandle file, ZipIntakeEntry[] entries, long directoryOffset)
    {
        var placed = new ZipIntakeEntry[entries.Length];
        var order = Enumerable.Range(0, entries.Length).OrderBy(i => entries[i].HeaderOffset).ToArray();
        var buffer = ArrayPool<byte>.Shared.Rent(HeaderBytes + ushort.MaxValue);
        try
        {
            var free = 0L;
            foreach (var i in order)
            {
                if (entries[i].HeaderOffset < free)
                {
                    return IntakeFaults.Unsafe($"Entry {i + 1} of the archive shares its bytes with another one.");
                }

                if (!Read(file, entries[i], i + 1, directoryOffset, buffer).TryGet(out var entry, out var fault))
                {
                    return fault;
                }

                if (entry.CompressedBytes > directoryOffset - entry.DataOffset)
                {
                    return IntakeFaults.Unsafe($"Entry {i + 1} of the archive runs into its directory.");
                }

                placed[i] = entry;
                free = entry.DataOffset + entry.CompressedBytes;
            }

            return placed;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static Outcome<ZipIntakeEntry> Read(SafeFileHandle file, ZipIntakeEntry entry, int number, long directoryOffset, byte[] buffer)
    {
        var header = buffer.AsSpan(0, HeaderBytes);
        if (entry.HeaderOffset > directoryOffset
            || !ZipIntakeEnd.ReadAt(file, entry.HeaderOffset, header)
            || BinaryPrimitives.ReadUInt32LittleEndian(header) != Signature)
        {
            return IntakeFaults.NotZip($"Entry {number} of the archive is not where its directory says.");
        }

        var flags = BinaryPrimitives.ReadUInt16LittleEndian(header[6..]);
        var method = BinaryPrimitives.ReadUInt16LittleEndian(header[8..]);
        var compressedBytes = BinaryPrimitives.ReadUInt32LittleEndian(header[18..]);
        var bytes = BinaryPrimitives.ReadUInt32LittleEndian(header[22..]);
        var nameBytes = BinaryPrimitives.ReadUInt16LittleEndian(header[26..]);
        var extraBytes = BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
        if ((entry with { Flags = flags, Method = method }).IsEncrypted)
        {
            return IntakeFaults.Encrypted(number);
        }

        var name = buffer.AsSpan(HeaderBytes, nameBytes);
        if (!ZipIntakeEnd.ReadAt(file, entry.HeaderOffset + HeaderBytes, name)
            || method != entry.Method
            || Encoding.UTF8.GetString(name) != entry.Name
            || (!entry.HasDescriptor && (Differs(bytes, entry.Bytes) || Differs(compressedBytes, entry.CompressedBytes))))
        {
            return IntakeFaults.Unsafe($"The two headers of entry {number} of the archive contradict each other.");
        }

        return entry with { DataOffset = entry.HeaderOffset + HeaderBytes + nameBytes + extraBytes };
    }

    /// <summary>All ones leave the value to the ZIP64 extra field, which only the directory's copy counts for.</summary>
    private static bool Differs(uint local, long central) => local != uint.MaxValue && local != central;
}
