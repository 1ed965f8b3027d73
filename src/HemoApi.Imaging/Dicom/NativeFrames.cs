using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace HemoApi.Imaging.Dicom;

/// <summary>The uncompressed frames of a file, one after the other without padding between them (PS3.5 section 8.1.1).</summary>
internal sealed class NativeFrames(DicomFile file, ElementHead pixelData)
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>Pixels of 8 bits in big-endian words come in pairs, and a frame of an odd number ends inside of one.</summary>
    private readonly bool _swapsBytes = file.Syntax.IsBigEndian && pixelData.Vr == DicomVr.OW;

    private byte? _partner;

    public Fault? Skip(int bytes)
    {
        if (_swapsBytes && (bytes % 2 != 0 || _partner is not null))
        {
            return TryRead(new byte[bytes]) ? null : file.Elements.Truncated(pixelData);
        }

        return file.Elements.Source.TrySkip(bytes) ? null : file.Elements.Truncated(pixelData);
    }

    public Fault? Decode(HounsfieldTable table, Span<short> hounsfield)
    {
        var bytesPerPixel = table.Rule.BitsAllocated / 8;
        var rented = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            while (hounsfield.Length > 0)
            {
                var pixels = Math.Min(hounsfield.Length, ChunkBytes / bytesPerPixel);
                var chunk = rented.AsSpan(0, pixels * bytesPerPixel);
                if (!TryRead(chunk))
                {
                    return file.Elements.Truncated(pixelData);
                }

                if (bytesPerPixel == 1)
                {
                    table.Map(chunk, hounsfield[..pixels]);
                }
                else
                {
                    table.Map(MemoryMarshal.Cast<byte, ushort>(chunk), hounsfield[..pixels]);
                }

                hounsfield = hounsfield[pixels..];
            }

            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Bytes in the order of little endian.</summary>
    private bool TryRead(Span<byte> target)
    {
        if (!_swapsBytes)
        {
            return file.Elements.Source.TryRead(target);
        }

        if (_partner is { } partner && target.Length > 0)
        {
            target[0] = partner;
            target = target[1..];
            _partner = null;
        }

        var whole = target[..(target.Length & ~1)];
        if (!file.Elements.Source.TryRead(whole))
        {
            return false;
        }

        var words = MemoryMarshal.Cast<byte, ushort>(whole);
        BinaryPrimitives.ReverseEndianness(words, words);
        if (target.Length % 2 == 0)
        {
            return true;
        }

        Span<byte> pair = stackalloc byte[2];
        var isThere = file.Elements.Source.TryRead(pair);
        (target[^1], _partner) = (pair[1], pair[0]);
        return isThere;
    }
}
