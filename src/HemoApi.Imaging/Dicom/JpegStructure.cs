using System.Buffers.Binary;

namespace HemoApi.Imaging.Dicom;

/// <summary>The frame header of a JPEG stream (ISO/IEC 10918-1 B.2.2).</summary>
/// <param name="Process">SOF0 to SOF15: 0 baseline, 1 extended sequential, 3 lossless.</param>
/// <param name="Predictor">The selection value of lossless coding (H.1.2.1), 1 to 7.</param>
internal readonly record struct JpegStructure(int Process, int Precision, int Height, int Width, int Components, int Predictor = 0)
{
    private const byte Soi = 0xD8;
    private const byte Eoi = 0xD9;
    private const byte Sos = 0xDA;

    /// <summary>Walks the markers: exactly one frame and one scan, closed by the end mark. The image of one component that CT is needs
    /// no more, and a stream of a thousand scans would keep a decoder busy for minutes.</summary>
    /// <returns>Null with what is wrong, as the rest of a sentence that starts with "the JPEG stream".</returns>
    public static JpegStructure? Read(ReadOnlySpan<byte> stream, out string problem)
    {
        problem = "is cut off or damaged";
        if (stream.Length < 4 || stream[0] != 0xFF || stream[1] != Soi)
        {
            problem = "has no start mark";
            return null;
        }

        JpegStructure? frame = null;
        var position = 2;
        while (Marker(stream, ref position) is { } marker)
        {
            if (marker == Eoi)
            {
                problem = "has no image";
                return null;
            }

            if (position + 2 > stream.Length)
            {
                return null;
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(stream[position..]);
            if (length < 2 || position + length > stream.Length)
            {
                return null;
            }

            var segment = stream.Slice(position + 2, length - 2);
            position += length;
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                if (frame is not null || segment.Length < 6)
                {
                    problem = "has two frames";
                    return null;
                }

                frame = new(marker - 0xC0, segment[0], BinaryPrimitives.ReadUInt16BigEndian(segment[1..]), BinaryPrimitives.ReadUInt16BigEndian(segment[3..]), segment[5]);
            }

            if (marker == Sos)
            {
                return frame is { } whole && segment is [1, _, _, var selection, ..] && ScanEndsStream(stream[position..], out problem)
                    ? whole with { Predictor = selection }
                    : null;
            }
        }

        return null;
    }

    /// <summary>The marker at the position, behind fill bytes.</summary>
    private static byte? Marker(ReadOnlySpan<byte> stream, ref int position)
    {
        if (position >= stream.Length || stream[position] != 0xFF)
        {
            return null;
        }

        while (position < stream.Length && stream[position] == 0xFF)
        {
            position++;
        }

        return position < stream.Length ? stream[position++] : null;
    }

    /// <summary>Entropy-coded data hold stuffed zeros and restart marks, and nothing else, up to the end mark.</summary>
    private static bool ScanEndsStream(ReadOnlySpan<byte> data, out string problem)
    {
        problem = "is cut off";
        for (var i = 0; i + 1 < data.Length; i++)
        {
            if (data[i] != 0xFF || data[i + 1] is 0x00 or 0xFF or (>= 0xD0 and <= 0xD7))
            {
                continue;
            }

            problem = "has several scans";
            return data[i + 1] == Eoi;
        }

        return false;
    }
}
