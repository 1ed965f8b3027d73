using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace HemoApi.Tests.Studies;

/// <summary>One entry as its author wants the headers to be; what is not set is true.</summary>
internal sealed record ZipIntakeForgedEntry(string Name, byte[] Data)
{
    public ushort Method { get; init; } = 8;

    public ushort Flags { get; init; }

    public uint? ClaimedCrc { get; init; }

    public uint? ClaimedBytes { get; init; }

    public string? LocalName { get; init; }

    public uint ExternalAttributes { get; init; }

    /// <summary>Replaces the packed bytes.</summary>
    public byte[]? Packed { get; init; }

    /// <summary>The directory points at the local header of this earlier entry instead.</summary>
    public int? SharesBytesOf { get; init; }

    public byte[] Pack()
    {
        if (Packed is not null || Method != 8)
        {
            return Packed ?? Data;
        }

        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(Data);
        }

        return packed.ToArray();
    }
}

/// <summary>Writes zip archives that lie. Independent of the reader under test and of System.IO.Compression's headers.</summary>
internal static class ZipIntakeForge
{
    public static byte[] Zip(params IEnumerable<ZipIntakeForgedEntry> entries) => Zip(entries, claimedCount: null);

    public static byte[] Zip(IEnumerable<ZipIntakeForgedEntry> entries, ushort? claimedCount = null, bool zip64 = false, string comment = "")
    {
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        using var directory = new MemoryStream();
        using var directoryWriter = new BinaryWriter(directory);
        var offsets = new List<uint>();
        foreach (var entry in entries)
        {
            var packed = entry.Pack();
            var name = Encoding.UTF8.GetBytes(entry.Name);
            var localName = entry.LocalName is null ? name : Encoding.UTF8.GetBytes(entry.LocalName);
            var bytes = entry.ClaimedBytes ?? (uint)entry.Data.Length;
            var crc = entry.ClaimedCrc ?? Crc32.HashToUInt32(entry.Data);
            offsets.Add(entry.SharesBytesOf is { } shared ? offsets[shared] : (uint)file.Position);
            if (entry.SharesBytesOf is null)
            {
                writer.Write(0x04034b50);
                WriteCommon(writer, entry, crc, packed.Length, bytes, localName.Length);
                writer.Write(localName);
                writer.Write(packed);
            }

            directoryWriter.Write(0x02014b50);
            directoryWriter.Write((ushort)0x0314); // made on Unix
            WriteCommon(directoryWriter, entry, crc, packed.Length, bytes, name.Length);
            directoryWriter.Write((ushort)0); // comment
            directoryWriter.Write((ushort)0); // disk
            directoryWriter.Write((ushort)0); // internal attributes
            directoryWriter.Write(entry.ExternalAttributes);
            directoryWriter.Write(offsets[^1]);
            directoryWriter.Write(name);
        }

        WriteEnd(writer, directory.ToArray(), offsets.Count, claimedCount, zip64, comment);
        return file.ToArray();
    }

    private static void WriteCommon(BinaryWriter writer, ZipIntakeForgedEntry entry, uint crc, int packed, uint bytes, int name)
    {
        writer.Write((ushort)20);
        writer.Write(entry.Flags);
        writer.Write(entry.Method);
        writer.Write(0x58210000); // 2024-01-01 00:00
        writer.Write(crc);
        writer.Write(packed);
        writer.Write(bytes);
        writer.Write((ushort)name);
        writer.Write((ushort)0); // extra field
    }

    private static void WriteEnd(BinaryWriter writer, byte[] directory, int count, ushort? claimedCount, bool zip64, string comment)
    {
        var offset = writer.BaseStream.Position;
        writer.Write(directory);
        if (zip64)
        {
            var end = writer.BaseStream.Position;
            writer.Write(0x06064b50);
            writer.Write(44L);
            writer.Write((ushort)45);
            writer.Write((ushort)45);
            writer.Write(0L); // disks
            writer.Write((long)count);
            writer.Write((long)count);
            writer.Write((long)directory.Length);
            writer.Write(offset);
            writer.Write(0x07064b50);
            writer.Write(0);
            writer.Write(end);
            writer.Write(1);
        }

        writer.Write(0x06054b50);
        writer.Write(0);
        writer.Write(zip64 ? ushort.MaxValue : claimedCount ?? (ushort)count);
        writer.Write(zip64 ? ushort.MaxValue : claimedCount ?? (ushort)count);
        writer.Write(zip64 ? uint.MaxValue : (uint)directory.Length);
        writer.Write(zip64 ? uint.MaxValue : (uint)offset);
        writer.Write((ushort)comment.Length);
        writer.Write(Encoding.ASCII.GetBytes(comment));
    }
}
