using System.Buffers.Binary;

namespace HemoApi.Imaging.Dicom;

/// <summary>RLE Lossless (PS3.5 annex G), one frame of one sample a pixel.</summary>
internal static class RleDecoder
{
    private const int HeaderLength = 64;
    private const int MaximumSegments = 15;
    private const int ChunkPixels = 4096;

    /// <param name="frame">All fragments of the frame in a row.</param>
    public static Fault? Decode(ReadOnlySpan<byte> frame, ElementHead pixelData, HounsfieldTable table, Span<short> hounsfield)
    {
        var planes = table.Rule.BitsAllocated / 8;
        if (frame.Length < HeaderLength || BinaryPrimitives.ReadUInt32LittleEndian(frame) != planes || planes > MaximumSegments)
        {
            return Malformed($"the RLE header does not name {planes} segments", pixelData);
        }

        if (!TrySegment(frame, 0, planes, out var first) || !TrySegment(frame, planes - 1, planes, out var last))
        {
            return Malformed("RLE segments do not follow each other", pixelData);
        }

        var high = new PackBits(first);
        var low = new PackBits(last);
        Span<byte> bytes = stackalloc byte[ChunkPixels];
        Span<ushort> pixels = stackalloc ushort[ChunkPixels];
        while (hounsfield.Length > 0)
        {
            var count = Math.Min(bytes.Length, hounsfield.Length);
            var chunk = bytes[..count];
            if (!high.TryFill(chunk))
            {
                return Malformed("an RLE segment is shorter than the image", pixelData);
            }

            if (planes == 1)
            {
                table.Map(chunk, hounsfield[..count]);
            }
            else
            {
                for (var i = 0; i < count; i++)
                {
                    pixels[i] = (ushort)(chunk[i] << 8);
                }

                if (!low.TryFill(chunk))
                {
                    return Malformed("an RLE segment is shorter than the image", pixelData);
                }

                for (var i = 0; i < count; i++)
                {
                    pixels[i] |= chunk[i];
                }

                table.Map(pixels[..count], hounsfield[..count]);
            }

            hounsfield = hounsfield[count..];
        }

        return high.IsSpent && (planes == 1 || low.IsSpent)
            ? null
            : Malformed("an RLE segment is longer than the image", pixelData);
    }

    private static bool TrySegment(ReadOnlySpan<byte> frame, int index, int count, out ReadOnlySpan<byte> segment)
    {
        segment = default;
        long start = BinaryPrimitives.ReadUInt32LittleEndian(frame[(4 * (index + 1))..]);
        long end = index + 1 < count ? BinaryPrimitives.ReadUInt32LittleEndian(frame[(4 * (index + 2))..]) : frame.Length;
        if (start < HeaderLength || end < start || end > frame.Length || (index == 0 && start != HeaderLength))
        {
            return false;
        }

        segment = frame[(int)start..(int)end];
        return true;
    }

    private static Fault Malformed(string problem, ElementHead pixelData) => DicomFaults.Malformed(problem, pixelData.Tag, pixelData.Offset);
}
