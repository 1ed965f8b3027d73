using System.Buffers.Binary;

namespace HemoApi.Imaging.Dicom;

/// <summary>The native pixel data of a one-frame image that is about to be written.</summary>
internal readonly record struct NativeFrame(int Rows, int Columns, int SamplesPerPixel, int BytesPerSample)
{
    public int ByteCount => Rows * Columns * SamplesPerPixel * BytesPerSample;

    /// <exception cref="ArgumentException">An attribute is missing, or the pixel data have another length.</exception>
    public static NativeFrame Of(DicomDataset dataset)
    {
        var frame = new NativeFrame(
            Number(dataset, DicomTags.Rows),
            Number(dataset, DicomTags.Columns),
            Number(dataset, DicomTags.SamplesPerPixel),
            Number(dataset, DicomTags.BitsAllocated) / 8);
        var length = dataset.Find(DicomTags.PixelData)?.Value.Length;
        var expected = (long)frame.Rows * frame.Columns * frame.SamplesPerPixel * frame.BytesPerSample;
        if (expected <= 0 || length != expected + (expected % 2))
        {
            throw new ArgumentException("pixel data must be rows × columns × samples × bytes long", nameof(dataset));
        }

        return frame;
    }

    private static int Number(DicomDataset dataset, DicomTag tag) => dataset.Find(tag) is { Vr: DicomVr.US } element
        ? BinaryPrimitives.ReadUInt16LittleEndian(element.Value.Span)
        : throw new ArgumentException($"an image needs {tag}", nameof(dataset));
}

/// <summary>RLE Lossless (PS3.5 annex G): one PackBits segment for each byte of a sample, the most significant first.</summary>
internal static class RleEncoder
{
    private const int HeaderLength = 64;
    private const int LongestRun = 128;

    /// <param name="native">Samples in little endian.</param>
    public static byte[] Encode(ReadOnlySpan<byte> native, NativeFrame frame)
    {
        var segments = frame.SamplesPerPixel * frame.BytesPerSample;
        var pixels = frame.Rows * frame.Columns;
        var plane = new byte[pixels];
        using var output = new MemoryStream();
        output.Write(new byte[HeaderLength]);
        var header = new byte[HeaderLength];
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)segments);
        for (var segment = 0; segment < segments; segment++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4 + (4 * segment)), (uint)output.Length);
            var sample = segment / frame.BytesPerSample;
            var byteOfSample = frame.BytesPerSample - 1 - (segment % frame.BytesPerSample);
            for (var i = 0; i < pixels; i++)
            {
                plane[i] = native[(((i * frame.SamplesPerPixel) + sample) * frame.BytesPerSample) + byteOfSample];
            }

            // PS3.5 G.3.1: a run must not cross the end of a row.
            for (var row = 0; row < frame.Rows; row++)
            {
                EncodeRow(plane.AsSpan(row * frame.Columns, frame.Columns), output);
            }

            if (output.Length % 2 != 0)
            {
                output.WriteByte(0);
            }
        }

        output.Position = 0;
        output.Write(header);
        return output.ToArray();
    }

    private static void EncodeRow(ReadOnlySpan<byte> row, Stream output)
    {
        while (row.Length > 0)
        {
            var run = RunLength(row);
            if (run > 1)
            {
                output.WriteByte((byte)(257 - run));
                output.WriteByte(row[0]);
                row = row[run..];
                continue;
            }

            var literal = 1;
            while (literal < Math.Min(row.Length, LongestRun) && RunLength(row[literal..]) < 3)
            {
                literal++;
            }

            output.WriteByte((byte)(literal - 1));
            output.Write(row[..literal]);
            row = row[literal..];
        }
    }

    private static int RunLength(ReadOnlySpan<byte> row)
    {
        var limit = row[..Math.Min(row.Length, LongestRun)];
        var end = limit.IndexOfAnyExcept(row[0]);
        return end < 0 ? limit.Length : end;
    }
}
