using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace HemoApi.Imaging.Dicom;

/// <summary>Copies native pixel data as little endian.</summary>
internal static class CopiedPixels
{
    private const int ChunkBytes = 64 * 1024;

    public static Fault? Write(ElementReader elements, ElementHead pixelData, DicomInstance image, Stream target)
    {
        var vr = image.BitsAllocated == 8 && pixelData.Vr is DicomVr.OB ? DicomVr.OB : DicomVr.OW;
        var swaps = elements.Syntax.IsBigEndian && pixelData.Vr == DicomVr.OW;
        var blanks = image is { BitsAllocated: 16, BitsStored: >= 1 and < 16, HighBit: < 16 } && image.HighBit + 1 >= image.BitsStored;
        DicomFileWriter.WriteHead(target, DicomTags.PixelData, vr, pixelData.Length + (pixelData.Length % 2));
        var rented = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            for (long left = pixelData.Length; left > 0;)
            {
                var chunk = rented.AsSpan(0, (int)Math.Min(left, ChunkBytes));
                if (!elements.Source.TryRead(chunk))
                {
                    return elements.Truncated(pixelData);
                }

                var words = MemoryMarshal.Cast<byte, ushort>(chunk);
                if (swaps)
                {
                    BinaryPrimitives.ReverseEndianness(words, words);
                }

                if (blanks)
                {
                    Blank(words, image);
                }

                target.Write(chunk);
                left -= chunk.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        if (pixelData.Length % 2 != 0)
        {
            target.WriteByte(0);
        }

        return null;
    }

    /// <summary>Overlays of the 1990s stand in the bits beside the stored ones (PS3.5 8.1.1), and with them the names that they show. Above the sign
    /// the bits repeat it, as decoders that know nothing of stored bits expect.</summary>
    private static void Blank(Span<ushort> words, DicomInstance image)
    {
        var below = image.HighBit + 1 - image.BitsStored;
        var above = 15 - image.HighBit;
        for (var i = 0; i < words.Length; i++)
        {
            var shifted = (ushort)(words[i] << above);
            words[i] = image.IsSigned
                ? (ushort)((short)shifted >> (above + below) << below)
                : (ushort)(shifted >> (above + below) << below);
        }
    }
}
