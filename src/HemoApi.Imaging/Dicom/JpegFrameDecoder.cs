using System.Buffers;
using System.Runtime.InteropServices;
using JpegLibrary;

namespace HemoApi.Imaging.Dicom;

/// <summary>JPEG baseline, extended and lossless (ISO/IEC 10918-1; PS3.5 8.2.1), one frame of one component.</summary>
internal static class JpegFrameDecoder
{
    private const int BlockSide = 8;

    /// <summary>The lossless predictor of nearly all files (SV1). JpegLibrary 0.4.32 gives wrong values for 2, 3, 6 and 7, without an error.</summary>
    private const int TrustedPredictor = 1;

    public static Fault? Decode(ReadOnlyMemory<byte> frame, TransferSyntax syntax, DicomInstance image, HounsfieldTable table, Span<short> hounsfield)
    {
        if (JpegStructure.Read(frame.Span, out var problem) is not { } structure)
        {
            return Malformed(problem);
        }

        if (Mismatch(structure, syntax, image) is { } mismatch)
        {
            return Malformed(mismatch);
        }

        if (structure.Predictor > TrustedPredictor)
        {
            return GdcmConverter.Decode(frame, syntax, image, table, hounsfield);
        }

        var pixels = ArrayPool<ushort>.Shared.Rent(hounsfield.Length);
        try
        {
            Decode(frame, new Target(pixels, image.Columns, image.Rows, syntax.IsLossy ? (1 << structure.Precision) - 1 : null));
            table.Map(pixels.AsSpan(0, hounsfield.Length), hounsfield);
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The library has no exception of its own: damaged data end in whatever goes wrong first.
            return Malformed("can't be decoded");
        }
        finally
        {
            ArrayPool<ushort>.Shared.Return(pixels);
        }
    }

    private static void Decode(ReadOnlyMemory<byte> frame, Target target)
    {
        var decoder = new JpegDecoder();
        decoder.SetInput(frame);
        decoder.Identify();
        decoder.SetOutputWriter(target);
        decoder.Decode();
    }

    private static string? Mismatch(JpegStructure structure, TransferSyntax syntax, DicomInstance image)
    {
        if (syntax.IsLossy ? structure.Process is not (0 or 1) : structure.Process != 3)
        {
            return $"is of process SOF{structure.Process}, against the transfer syntax {syntax.Name}";
        }

        if ((structure.Width, structure.Height) != (image.Columns, image.Rows) || structure.Components != 1)
        {
            return $"holds {structure.Width} × {structure.Height} pixels of {structure.Components} components, and the header says {image.Columns} × {image.Rows} of one";
        }

        // Fewer bits than the header says can't hold the sign, and lossy steps across it turn −1 into 65535.
        return structure.Precision > image.BitsAllocated || (image.IsSigned && (syntax.IsLossy || structure.Precision < image.BitsStored))
            ? $"has {structure.Precision} bits, which do not hold the {(image.IsSigned ? "signed" : "unsigned")} values of {image.BitsStored} bits that the header says"
            : null;
    }

    private static Fault Malformed(string problem) => DicomFaults.Malformed($"the JPEG stream {problem}");

    /// <summary>Takes blocks of 8 × 8, the last ones of a row or column reaching beyond the image.</summary>
    /// <param name="maximum">Of what comes out of the inverse cosine transform, which overshoots at edges; null for the bits as they are.</param>
    private sealed class Target(ushort[] pixels, int columns, int rows, int? maximum) : JpegBlockOutputWriter
    {
        public override void WriteBlock(ref short blockRef, int componentIndex, int x, int y)
        {
            var block = MemoryMarshal.CreateReadOnlySpan(ref blockRef, BlockSide * BlockSide);
            var width = Math.Min(BlockSide, columns - x);
            for (var row = 0; row < BlockSide && y + row < rows && width > 0; row++)
            {
                var target = pixels.AsSpan(((y + row) * columns) + x, width);
                for (var column = 0; column < width; column++)
                {
                    var sample = block[(row * BlockSide) + column];
                    target[column] = maximum is { } highest ? (ushort)Math.Clamp((int)sample, 0, highest) : (ushort)sample;
                }
            }
        }
    }
}
