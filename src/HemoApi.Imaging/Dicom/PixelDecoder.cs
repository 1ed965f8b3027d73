using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace HemoApi.Imaging.Dicom;

/// <summary>Turns the pixel data of a file into HU.</summary>
internal static class PixelDecoder
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>Native pixel data have exactly the length that the header gives them, and the padding byte if that is odd;
    /// longer ones mean that the header describes other pixels. Encapsulated ones have no length (PS3.5 A.4).</summary>
    public static Fault? CheckLength(TransferSyntax syntax, ElementHead pixelData, DicomInstance image)
    {
        if (syntax.IsEncapsulated != pixelData.HasUndefinedLength)
        {
            return DicomFaults.Malformed(
                $"pixel data are {(syntax.IsEncapsulated ? "not in fragments" : "in fragments")}, against the transfer syntax {syntax.Name}",
                pixelData.Tag,
                pixelData.Offset);
        }

        var expected = (long)image.Rows * image.Columns * (image.BitsAllocated / 8);
        return syntax.IsEncapsulated || pixelData.Length == expected || pixelData.Length == expected + (expected % 2)
            ? null
            : DicomFaults.Malformed(
                $"pixel data have {pixelData.Length} bytes, and {image.Columns} × {image.Rows} pixels of {image.BitsAllocated} bits are {expected}",
                pixelData.Tag,
                pixelData.Offset);
    }

    /// <param name="file">Read up to its pixel data, of a format and syntax that can be decoded.</param>
    /// <param name="hounsfield">Rows × columns.</param>
    public static Fault? Decode(DicomFile file, ElementHead pixelData, DicomInstance image, HounsfieldTable table, Span<short> hounsfield)
    {
        var fault = CheckLength(file.Syntax, pixelData, image);
        if (fault is not null)
        {
            return fault;
        }

        if (!file.Syntax.IsEncapsulated)
        {
            return DecodeNative(file, pixelData, table, hounsfield);
        }

        if (!EncapsulatedFrame.Read(file.Elements, pixelData, hounsfield.Length * (image.BitsAllocated / 8)).TryGet(out var frame, out fault))
        {
            return fault;
        }

        using (frame)
        {
            return file.Syntax.Codec switch
            {
                PixelCodec.Rle => RleDecoder.Decode(frame.Bytes.Span, pixelData, table, hounsfield),
                PixelCodec.Jpeg => JpegFrameDecoder.Decode(frame.Bytes, file.Syntax, image, table, hounsfield),
                PixelCodec.Gdcm => GdcmConverter.Decode(frame.Bytes, file.Syntax, image, table, hounsfield),
                _ => DicomFaults.UnsupportedTransferSyntax(file.Syntax),
            };
        }
    }

    private static Fault? DecodeNative(DicomFile file, ElementHead pixelData, HounsfieldTable table, Span<short> hounsfield)
    {
        var bytesPerPixel = table.Rule.BitsAllocated / 8;
        var swapsBytes = file.Syntax.IsBigEndian && pixelData.Vr == DicomVr.OW;
        var rented = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            while (hounsfield.Length > 0)
            {
                var pixels = Math.Min(hounsfield.Length, ChunkBytes / bytesPerPixel);

                // Pixels of 8 bits in big-endian words come in pairs, and the last one may lack its partner.
                var bytes = pixels * bytesPerPixel;
                var chunk = rented.AsSpan(0, swapsBytes ? bytes + (bytes % 2) : bytes);
                if (!file.Elements.Source.TryRead(chunk))
                {
                    return file.Elements.Truncated(pixelData);
                }

                if (swapsBytes)
                {
                    var words = MemoryMarshal.Cast<byte, ushort>(chunk);
                    BinaryPrimitives.ReverseEndianness(words, words);
                }

                Map(table, chunk[..bytes], hounsfield[..pixels]);
                hounsfield = hounsfield[pixels..];
            }

            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    internal static void Map(HounsfieldTable table, ReadOnlySpan<byte> littleEndian, Span<short> hounsfield)
    {
        if (table.Rule.BitsAllocated == 8)
        {
            table.Map(littleEndian, hounsfield);
            return;
        }

        table.Map(MemoryMarshal.Cast<byte, ushort>(littleEndian), hounsfield);
    }
}
