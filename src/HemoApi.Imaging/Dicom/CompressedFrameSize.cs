using System.Buffers.Binary;

namespace HemoApi.Imaging.Dicom;

/// <summary>What a stream that gdcmconv decodes says of its image: GDCM cuts a larger image down to the header's size without a word, which shifts
/// every row.</summary>
internal readonly record struct CompressedFrameSize(long Columns, long Rows, int Components)
{
    private const byte JpegLsFrame = 0xF7;
    private const byte StartOfScan = 0xDA;
    private const int SizLength = 38;

    /// <summary>In front of a codestream that comes in a JP2 file (ISO/IEC 15444-1 annex I), which PS3.5 A.4.4 forbids and some write.</summary>
    private const int MostBoxBytes = 1024;

    /// <summary>Of JPEG 2000 (ISO/IEC 15444-1 A.5.1), JPEG-LS (ISO/IEC 14495-1 C.2.2) or any other JPEG (ISO/IEC 10918-1 B.2.2); null where there is no such stream.</summary>
    public static CompressedFrameSize? Read(ReadOnlySpan<byte> stream)
    {
        var codestream = stream[..Math.Min(stream.Length, MostBoxBytes)].IndexOf((ReadOnlySpan<byte>)[0xFF, 0x4F, 0xFF, 0x51]);
        return codestream >= 0 ? ReadJpeg2000(stream[(codestream + 4)..]) : ReadJpeg(stream);
    }

    /// <param name="siz">From behind the marker.</param>
    private static CompressedFrameSize? ReadJpeg2000(ReadOnlySpan<byte> siz)
    {
        if (siz.Length < SizLength)
        {
            return null;
        }

        var (right, bottom) = (BinaryPrimitives.ReadUInt32BigEndian(siz[4..]), BinaryPrimitives.ReadUInt32BigEndian(siz[8..]));
        var (left, top) = (BinaryPrimitives.ReadUInt32BigEndian(siz[12..]), BinaryPrimitives.ReadUInt32BigEndian(siz[16..]));
        return new((long)right - left, (long)bottom - top, BinaryPrimitives.ReadUInt16BigEndian(siz[36..]));
    }

    private static CompressedFrameSize? ReadJpeg(ReadOnlySpan<byte> stream)
    {
        for (var at = 2; at + 10 <= stream.Length && stream[0] == 0xFF && stream[1] == 0xD8 && stream[at] == 0xFF;)
        {
            var marker = stream[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            if (marker is JpegLsFrame or (>= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC)))
            {
                return new(BinaryPrimitives.ReadUInt16BigEndian(stream[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(stream[(at + 5)..]), stream[at + 9]);
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(stream[(at + 2)..]);
            if (marker == StartOfScan || length < 2)
            {
                return null;
            }

            at += 2 + length;
        }

        return null;
    }
}
