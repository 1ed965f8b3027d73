using System.Buffers;
using System.Buffers.Binary;

namespace HemoApi.Imaging.Dicom;

/// <summary>RLE Lossless (PS3.5 annex G), one frame of one sample a pixel.</summary>
internal static class RleDecoder
{
    private const int HeaderLength = 64;
    private const int MaximumSegments = 15;
    private const int ChunkPixels = 4096;
    private const int FragmentChunkBytes = 64 * 1024;

    public static Fault? Decode(ElementReader elements, ElementHead pixelData, HounsfieldTable table, Span<short> hounsfield)
    {
        // Literal packets grow by 1 byte in 128; anything much longer than that is not what the header describes.
        var planes = table.Rule.BitsAllocated / 8;
        var maximum = (2 * planes * hounsfield.Length) + 4096;
        var fault = ReadFragments(elements, pixelData, maximum, out var rented, out var length);
        try
        {
            return fault ?? Decode(rented.AsSpan(0, length), planes, pixelData, table, hounsfield);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static Fault? Decode(ReadOnlySpan<byte> frame, int planes, ElementHead pixelData, HounsfieldTable table, Span<short> hounsfield)
    {
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

        return high.IsInsideOfPacket || (planes > 1 && low.IsInsideOfPacket)
            ? Malformed("an RLE run goes beyond the image", pixelData)
            : null;
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

    /// <summary>The fragments of the one frame in a row (PS3.5 A.4), without the offset table, in a rented array that grows
    /// with the bytes that arrive.</summary>
    private static Fault? ReadFragments(ElementReader elements, ElementHead pixelData, int maximum, out byte[] rented, out int length)
    {
        rented = ArrayPool<byte>.Shared.Rent(FragmentChunkBytes);
        length = 0;
        for (var index = 0; ; index++)
        {
            var fault = elements.Next(out var next);
            if (fault is not null || next is not { } item)
            {
                return fault ?? elements.Truncated(pixelData);
            }

            if (item.Tag == DicomTags.SequenceDelimitation)
            {
                return null;
            }

            if (item.Tag != DicomTags.Item || item.HasUndefinedLength)
            {
                return DicomFaults.Malformed("pixel data are not made of fragments", item.Tag, item.Offset);
            }

            if (index == 0)
            {
                fault = elements.Skip(item);
            }
            else if (item.Length > maximum - length)
            {
                fault = Malformed("the fragments are longer than RLE can make of the image", pixelData);
            }
            else
            {
                fault = Append(elements, item, ref rented, ref length);
            }

            if (fault is not null)
            {
                return fault;
            }
        }
    }

    private static Fault? Append(ElementReader elements, ElementHead item, ref byte[] rented, ref int length)
    {
        for (var left = (int)item.Length; left > 0;)
        {
            if (length == rented.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(2 * rented.Length);
                rented.AsSpan(0, length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(rented);
                rented = larger;
            }

            var target = rented.AsSpan(length, Math.Min(left, rented.Length - length));
            if (!elements.Source.TryRead(target))
            {
                return elements.Truncated(item);
            }

            length += target.Length;
            left -= target.Length;
        }

        return null;
    }

    private static Fault Malformed(string problem, ElementHead pixelData) => DicomFaults.Malformed(problem, pixelData.Tag, pixelData.Offset);
}
