using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace HemoApi.Imaging.Dicom;

/// <summary>Writes DICOM Part 10 files (PS3.10 section 7), uncompressed, deflated or with RLE.</summary>
public static class DicomFileWriter
{
    /// <summary>Names the software that wrote a file (PS3.7 D.3.3.2).</summary>
    public static readonly string ImplementationClassUid = DicomUid.FromSeed("HemoApi implementation class");

    private const string ImplementationVersionName = "HEMOAPI";
    internal const uint UndefinedLength = 0xFFFFFFFF;

    /// <summary>Preamble, meta header and data set. The stream need not seek and stays open.</summary>
    /// <param name="transferSyntaxUid">One whose codec is native or RLE. Pixel data in the data set
    /// are native whatever it is.</param>
    /// <exception cref="ArgumentException">The data set names no SOP class and instance, or its pixel data are not what
    /// Rows, Columns, SamplesPerPixel and BitsAllocated say.</exception>
    public static void Write(Stream stream, DicomDataset dataset, string transferSyntaxUid)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(dataset);
        var syntax = TransferSyntax.Find(transferSyntaxUid);
        if (syntax is not { Codec: PixelCodec.Native or PixelCodec.Rle })
        {
            throw new ArgumentException("can't write this transfer syntax", nameof(transferSyntaxUid));
        }

        WriteMeta(stream, RequiredUid(dataset, DicomTags.SopClassUid), RequiredUid(dataset, DicomTags.SopInstanceUid), syntax);
        if (!syntax.IsDeflated)
        {
            WriteDataset(stream, dataset, syntax);
            return;
        }

        using var deflated = new MemoryStream();
        using (var deflate = new DeflateStream(deflated, CompressionLevel.Optimal, leaveOpen: true))
        {
            WriteDataset(deflate, dataset, syntax);
        }

        if (deflated.Length % 2 != 0)
        {
            deflated.WriteByte(0);
        }

        deflated.WriteTo(stream);
    }

    /// <summary>A data set without pixel data, and behind it a frame that is compressed already.</summary>
    internal static void WriteWithFrame(Stream stream, DicomDataset dataset, TransferSyntax syntax, ReadOnlySpan<byte> frame)
    {
        WriteMeta(stream, RequiredUid(dataset, DicomTags.SopClassUid), RequiredUid(dataset, DicomTags.SopInstanceUid), syntax);
        WriteDataset(stream, dataset, syntax);
        WriteFragment(stream, frame.Length % 2 == 0 ? frame : [.. frame, 0]);
    }

    internal static void WriteMeta(Stream stream, ReadOnlyMemory<byte> sopClassUid, ReadOnlyMemory<byte> sopInstanceUid, TransferSyntax syntax)
    {
        using var meta = new MemoryStream();
        var explicitLittleEndian = TransferSyntax.ExplicitLittleEndian;
        WriteElement(meta, new(DicomTags.FileMetaInformationVersion, DicomVr.OB, new byte[] { 0, 1 }), explicitLittleEndian);
        WriteElement(meta, Uid(DicomTags.MediaStorageSopClassUid, sopClassUid), explicitLittleEndian);
        WriteElement(meta, Uid(DicomTags.MediaStorageSopInstanceUid, sopInstanceUid), explicitLittleEndian);
        WriteElement(meta, Uid(DicomTags.TransferSyntaxUid, Padded(syntax.Uid)), explicitLittleEndian);
        WriteElement(meta, Uid(DicomTags.ImplementationClassUid, Padded(ImplementationClassUid)), explicitLittleEndian);
        WriteElement(
            meta,
            new(DicomTags.ImplementationVersionName, DicomVr.SH, Encoding.ASCII.GetBytes(ImplementationVersionName + " ")),
            explicitLittleEndian);

        stream.Write(new byte[128]);
        stream.Write("DICM"u8);
        var length = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)meta.Length);
        WriteElement(stream, new(DicomTags.FileMetaInformationGroupLength, DicomVr.UL, length), explicitLittleEndian);
        meta.WriteTo(stream);
    }

    /// <summary>In explicit VR little endian.</summary>
    internal static void WriteHead(Stream stream, DicomTag tag, DicomVr vr, uint length) =>
        WriteHeader(stream, tag, vr, length, TransferSyntax.ExplicitLittleEndian);

    private static DicomElement Uid(DicomTag tag, ReadOnlyMemory<byte> value) => new(tag, DicomVr.UI, value);

    private static byte[] Padded(string uid) => Encoding.ASCII.GetBytes(uid.Length % 2 == 0 ? uid : uid + '\0');

    private static ReadOnlyMemory<byte> RequiredUid(DicomDataset dataset, DicomTag tag) =>
        dataset.Find(tag)?.Value ?? throw new ArgumentException($"the data set has no {tag}", nameof(dataset));

    private static void WriteDataset(Stream stream, DicomDataset dataset, TransferSyntax syntax)
    {
        foreach (var element in dataset.Elements)
        {
            if (element.Tag != DicomTags.PixelData)
            {
                WriteElement(stream, element, syntax);
                continue;
            }

            var frame = NativeFrame.Of(dataset);
            if (syntax.IsEncapsulated)
            {
                WriteFragment(stream, RleEncoder.Encode(element.Value.Span[..frame.ByteCount], frame));
            }
            else
            {
                WriteElement(stream, element, syntax);
            }
        }
    }

    /// <summary>PS3.5 section 7.1.</summary>
    private static void WriteElement(Stream stream, DicomElement element, TransferSyntax syntax)
    {
        WriteHeader(stream, element.Tag, element.Vr, (uint)element.Value.Length, syntax);
        var size = element.Vr.NumberSize();
        if (!syntax.IsBigEndian || size == 1)
        {
            stream.Write(element.Value.Span);
            return;
        }

        var swapped = element.Value.ToArray();
        for (var i = 0; i < swapped.Length; i += size)
        {
            swapped.AsSpan(i, size).Reverse();
        }

        stream.Write(swapped);
    }

    private static void WriteHeader(Stream stream, DicomTag tag, DicomVr vr, uint length, TransferSyntax syntax)
    {
        Span<byte> header = stackalloc byte[12];
        var bigEndian = syntax.IsBigEndian;
        Write16(header, tag.Group, bigEndian);
        Write16(header[2..], tag.Element, bigEndian);
        if (!syntax.IsExplicitVr || tag.Group == DicomTags.Item.Group)
        {
            Write32(header[4..], length, bigEndian);
            stream.Write(header[..8]);
            return;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], (ushort)vr);
        if (vr.HasShortLength())
        {
            Write16(header[6..], (ushort)length, bigEndian);
            stream.Write(header[..8]);
            return;
        }

        Write16(header[6..], 0, bigEndian);
        Write32(header[8..], length, bigEndian);
        stream.Write(header);
    }

    /// <summary>Encapsulated pixel data of one fragment, with an empty basic offset table (PS3.5 A.4).</summary>
    private static void WriteFragment(Stream stream, ReadOnlySpan<byte> fragment)
    {
        var syntax = TransferSyntax.RleLossless;
        WriteHeader(stream, DicomTags.PixelData, DicomVr.OB, UndefinedLength, syntax);
        WriteHeader(stream, DicomTags.Item, DicomVr.None, 0, syntax);
        WriteHeader(stream, DicomTags.Item, DicomVr.None, (uint)fragment.Length, syntax);
        stream.Write(fragment);
        WriteHeader(stream, DicomTags.SequenceDelimitation, DicomVr.None, 0, syntax);
    }

    private static void Write16(Span<byte> target, ushort value, bool bigEndian)
    {
        if (bigEndian)
        {
            BinaryPrimitives.WriteUInt16BigEndian(target, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(target, value);
        }
    }

    private static void Write32(Span<byte> target, uint value, bool bigEndian)
    {
        if (bigEndian)
        {
            BinaryPrimitives.WriteUInt32BigEndian(target, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(target, value);
        }
    }
}
