using System.Buffers.Binary;
using System.Text;
using HemoApi.Imaging;
using Microsoft.Win32.SafeHandles;

namespace HemoApi.Studies;

/// <summary>Reads the central directory of a zip within limits. System.IO.Compression builds every entry before it can be
/// asked for their number, and shows neither offsets nor overlaps.</summary>
internal static class ZipIntakeDirectory
{
    private const uint Signature = 0x02014b50;
    private const int HeaderBytes = 46;
    private const ushort Zip64Extra = 0x0001;

    /// <returns>The entries in the order of the directory; names, counts, flags and claimed sizes are within the limits and every
    /// entry has its own bytes. Faults upload.truncated, zip.invalid, zip.unsafe, zip.encrypted.</returns>
    public static Outcome<ZipIntakeEntry[]> Read(SafeFileHandle file, long length, IntakeOptions limits)
    {
        if (!ZipIntakeEnd.Find(file, length).TryGet(out var end, out var fault))
        {
            return fault;
        }

        if (end.EntryCount > limits.MaxEntries)
        {
            return IntakeFaults.Unsafe(
                $"The archive has {end.EntryCount} entries, the limit is {limits.MaxEntries}.",
                "Send one study at a time, or have Intake:MaxEntries raised.");
        }

        var entries = new ZipIntakeEntry[end.EntryCount];
        var paths = new HashSet<string>(StringComparer.Ordinal);
        var expanded = 0L;
        using var directory = new BufferedStream(new ZipIntakeWindow(file, end.DirectoryOffset, end.DirectoryEnd), 1 << 16);
        for (var i = 0; i < entries.Length; i++)
        {
            if (!ReadEntry(directory, i + 1, limits).TryGet(out var entry, out fault))
            {
                return fault;
            }

            if (!paths.Add(ZipIntakeNames.Normalize(entry.Name)))
            {
                return IntakeFaults.Unsafe($"Entry {i + 1} of the archive has the name of an earlier one.");
            }

            // Each size is at most MaxEntryBytes here, so the sum cannot overflow before it is over the budget.
            expanded += entry.Bytes;
            if (expanded > limits.ExpansionBudget(length))
            {
                return IntakeFaults.Unsafe(
                    $"The archive of {length} bytes claims to expand to more than {limits.ExpansionBudget(length)} bytes.");
            }

            entries[i] = entry;
        }

        return directory.ReadByte() < 0
            ? ZipIntakeLayout.Place(file, entries, end.DirectoryOffset)
            : IntakeFaults.Unsafe("The archive has more entries than its end record counts.");
    }

    private static Outcome<ZipIntakeEntry> ReadEntry(Stream directory, int number, IntakeOptions limits)
    {
        var cut = IntakeFaults.NotZip($"Entry {number} of the archive's directory cannot be read.");
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (directory.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes
            || BinaryPrimitives.ReadUInt32LittleEndian(header) != Signature)
        {
            return cut;
        }

        var nameBytes = BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
        var extraBytes = BinaryPrimitives.ReadUInt16LittleEndian(header[30..]);
        var commentBytes = BinaryPrimitives.ReadUInt16LittleEndian(header[32..]);
        if (nameBytes > limits.MaxNameBytes)
        {
            return IntakeFaults.Unsafe($"The name of entry {number} of the archive has {nameBytes} bytes, the limit is {limits.MaxNameBytes}.");
        }

        var rest = new byte[nameBytes + extraBytes + commentBytes];
        if (directory.ReadAtLeast(rest, rest.Length, throwOnEndOfStream: false) < rest.Length)
        {
            return cut;
        }

        var entry = new ZipIntakeEntry(
            Name: Encoding.UTF8.GetString(rest, 0, nameBytes),
            Flags: BinaryPrimitives.ReadUInt16LittleEndian(header[8..]),
            Method: BinaryPrimitives.ReadUInt16LittleEndian(header[10..]),
            Crc32: BinaryPrimitives.ReadUInt32LittleEndian(header[16..]),
            CompressedBytes: BinaryPrimitives.ReadUInt32LittleEndian(header[20..]),
            Bytes: BinaryPrimitives.ReadUInt32LittleEndian(header[24..]),
            HeaderOffset: BinaryPrimitives.ReadUInt32LittleEndian(header[42..]),
            ExternalAttributes: BinaryPrimitives.ReadUInt32LittleEndian(header[38..]));
        entry = WithZip64(entry, rest.AsSpan(nameBytes, extraBytes));
        return Check(entry, number, limits) is { } fault ? fault : entry;
    }

    /// <summary>Takes the values that the header leaves to the ZIP64 extra field (APPNOTE 4.5.3), in its fixed order.</summary>
    private static ZipIntakeEntry WithZip64(ZipIntakeEntry entry, ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            var size = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]), extra.Length - 4);
            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) != Zip64Extra)
            {
                extra = extra[(4 + size)..];
                continue;
            }

            var field = extra.Slice(4, size);
            return entry with
            {
                Bytes = Take(entry.Bytes, ref field),
                CompressedBytes = Take(entry.CompressedBytes, ref field),
                HeaderOffset = Take(entry.HeaderOffset, ref field),
            };
        }

        return entry;

        static long Take(long value, ref ReadOnlySpan<byte> field)
        {
            if (value != uint.MaxValue || field.Length < 8)
            {
                return value;
            }

            var wide = BinaryPrimitives.ReadInt64LittleEndian(field);
            field = field[8..];
            return wide;
        }
    }

    private static Fault? Check(ZipIntakeEntry entry, int number, IntakeOptions limits)
    {
        if (entry.IsEncrypted)
        {
            return IntakeFaults.Encrypted(number);
        }

        if (ZipIntakeNames.Check(entry.Name, number, limits.MaxPathDepth) is { } fault)
        {
            return fault;
        }

        if (entry.IsLinkOrDevice)
        {
            return IntakeFaults.Unsafe($"Entry {number} of the archive is a link or a device, not a file.");
        }

        if (entry.Bytes < 0 || entry.Bytes > limits.MaxEntryBytes)
        {
            return IntakeFaults.Unsafe($"Entry {number} of the archive claims {entry.Bytes} bytes, the limit is {limits.MaxEntryBytes}.");
        }

        var contradicts = entry.CompressedBytes < 0
            || (entry.Method == ZipIntakeEntry.Stored && entry.CompressedBytes != entry.Bytes)
            || (entry.IsFolder && entry.Bytes != 0);
        return contradicts ? IntakeFaults.Unsafe($"The sizes of entry {number} of the archive contradict each other.") : null;
    }
}
