using System.Buffers.Binary;

namespace HemoApi.Imaging.Dicom;

/// <summary>Free text in front of the samples of JPEG, JPEG-LS (ISO/IEC 10918-1 B.2.4.5, B.2.4.6: comments and application data) and JPEG 2000
/// streams (ISO/IEC 15444-1 A.9.2).</summary>
internal static class CompressedComments
{
    private const byte JpegStart = 0xD8;
    private const byte Jpeg2000Start = 0x4F;
    private const byte StartOfScan = 0xDA;
    private const byte StartOfTilePart = 0x90;
    private const byte JpegComment = 0xFE;
    private const byte Jpeg2000Comment = 0x64;

    /// <summary>Of JPEG 2000, in front of the text.</summary>
    private const int RegistrationBytes = 2;

    /// <summary>Overwrites the texts where they stand, so that no length changes. Bytes that start no such stream stay as they are.</summary>
    public static void Blank(Span<byte> stream)
    {
        if (stream.Length < 4 || stream[0] != 0xFF || stream[1] is not (JpegStart or Jpeg2000Start))
        {
            return;
        }

        var isJpeg2000 = stream[1] == Jpeg2000Start;
        for (var at = 2; at + 4 <= stream.Length && stream[at] == 0xFF;)
        {
            var marker = stream[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(stream[(at + 2)..]);
            if (marker == (isJpeg2000 ? StartOfTilePart : StartOfScan) || length < 2)
            {
                return;
            }

            var segment = stream[(at + 4)..Math.Min(at + 2 + length, stream.Length)];
            if (isJpeg2000 ? marker == Jpeg2000Comment : marker is JpegComment or (>= 0xE0 and <= 0xEF))
            {
                segment[Math.Min(isJpeg2000 ? RegistrationBytes : 0, segment.Length)..].Fill((byte)' ');
            }

            at += 2 + length;
        }
    }
}
