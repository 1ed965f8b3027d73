using System.Buffers.Binary;
using HemoApi.Imaging;
using Microsoft.Win32.SafeHandles;

namespace HemoApi.Studies;

/// <summary>Where the central directory of a zip lies and how many entries it claims (APPNOTE 6.3.10, 4.3.14 to 4.3.16).</summary>
internal sealed record ZipIntakeEnd(long EntryCount, long DirectoryOffset, long DirectoryEnd)
{
    private const uint Zip64EndSignature = 0x06064b50;
    private const uint Zip64LocatorSignature = 0x07064b50;
    private const int EndBytes = 22;
    private const int Zip64EndBytes = 56;
    private const int Zip64LocatorBytes = 20;
    private const int MaxCommentBytes = ushort.MaxValue;

    /// <summary>Finds the end record, without reading the directory itself.</summary>
    /// <returns>Fault upload.truncated where the file starts as a zip and ends early, zip.invalid where it is no zip that can
    /// be read in one unambiguous way.</returns>
    public static Outcome<ZipIntakeEnd> Find(SafeFileHandle file, long length)
    {
        var tail = new byte[(int)Math.Min(length, EndBytes + MaxCommentBytes)];
        var tailOffset = length - tail.Length;
        ReadAt(file, tailOffset, tail);

        Span<byte> first = stackalloc byte[(int)Math.Min(length, 4)];
        ReadAt(file, 0, first);
        if (!"PK\u0003\u0004"u8.StartsWith(first) && !"PK\u0005\u0006"u8.StartsWith(first) && !"PK\u0006\u0006"u8.StartsWith(first))
        {
            return IntakeFaults.NotZip("The upload is not a zip archive.");
        }

        // The last signature counts, as for every other reader; a fake one inside the comment does not end at the file's end.
        var at = tail.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        if (at < 0)
        {
            return IntakeFaults.Truncated("The upload starts as a zip archive but its directory is missing: it was cut off.");
        }

        var end = tail.AsSpan(at);
        if (end.Length < EndBytes)
        {
            return IntakeFaults.Truncated("The upload is a zip archive that was cut off in its last record.");
        }

        var comment = BinaryPrimitives.ReadUInt16LittleEndian(end[20..]);
        if (end.Length != EndBytes + comment)
        {
            return end.Length < EndBytes + comment
                ? IntakeFaults.Truncated("The upload is a zip archive that was cut off in its comment.")
                : IntakeFaults.NotZip("Bytes follow after the end of the zip archive.");
        }

        return FromEndRecord(file, end, tailOffset + at);
    }

    private static Outcome<ZipIntakeEnd> FromEndRecord(SafeFileHandle file, ReadOnlySpan<byte> end, long endOffset)
    {
        long disk = BinaryPrimitives.ReadUInt16LittleEndian(end[4..]);
        long directoryDisk = BinaryPrimitives.ReadUInt16LittleEndian(end[6..]);
        long countHere = BinaryPrimitives.ReadUInt16LittleEndian(end[8..]);
        long count = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
        long size = BinaryPrimitives.ReadUInt32LittleEndian(end[12..]);
        long offset = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
        var directoryEnd = endOffset;

        if (count == ushort.MaxValue || countHere == ushort.MaxValue || size == uint.MaxValue || offset == uint.MaxValue)
        {
            Span<byte> locator = stackalloc byte[Zip64LocatorBytes];
            if (ReadAt(file, endOffset - Zip64LocatorBytes, locator)
                && BinaryPrimitives.ReadUInt32LittleEndian(locator) == Zip64LocatorSignature)
            {
                directoryEnd = BinaryPrimitives.ReadInt64LittleEndian(locator[8..]);
                Span<byte> record = stackalloc byte[Zip64EndBytes];
                if (directoryEnd > endOffset - Zip64LocatorBytes - Zip64EndBytes
                    || !ReadAt(file, directoryEnd, record)
                    || BinaryPrimitives.ReadUInt32LittleEndian(record) != Zip64EndSignature)
                {
                    return IntakeFaults.NotZip("The ZIP64 end record is not where the archive says.");
                }

                disk = BinaryPrimitives.ReadUInt32LittleEndian(record[16..]);
                directoryDisk = BinaryPrimitives.ReadUInt32LittleEndian(record[20..]);
                countHere = BinaryPrimitives.ReadInt64LittleEndian(record[24..]);
                count = BinaryPrimitives.ReadInt64LittleEndian(record[32..]);
                size = BinaryPrimitives.ReadInt64LittleEndian(record[40..]);
                offset = BinaryPrimitives.ReadInt64LittleEndian(record[48..]);
            }
        }

        if (disk != 0 || directoryDisk != 0 || countHere != count)
        {
            return IntakeFaults.NotZip("The archive is one part of several.");
        }

        if (count < 0 || size < 0 || offset < 0 || offset > directoryEnd || size != directoryEnd - offset)
        {
            return IntakeFaults.NotZip("The directory of the archive is not where its end record says.");
        }

        return new ZipIntakeEnd(count, offset, directoryEnd);
    }

    /// <returns>Whether the file holds that many bytes there.</returns>
    public static bool ReadAt(SafeFileHandle file, long offset, Span<byte> buffer)
    {
        if (offset < 0)
        {
            return false;
        }

        var done = 0;
        while (done < buffer.Length)
        {
            var read = RandomAccess.Read(file, buffer[done..], offset + done);
            if (read == 0)
            {
                return false;
            }

            done += read;
        }

        return true;
    }
}
