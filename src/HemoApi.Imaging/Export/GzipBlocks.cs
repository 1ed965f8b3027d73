using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace HemoApi.Imaging.Export;

/// <summary>Writes one gzip member (RFC 1952) whose blocks are compressed in parallel: every block ends on a byte (sync flush), so
/// that their deflate streams simply follow each other. Same input, same bytes: no time, no name, whatever the number of cores.</summary>
internal static class GzipBlocks
{
    // Magic, deflate, no flags, no time, fastest, unknown system.
    private static ReadOnlySpan<byte> Header => [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 4, 255];

    // A final, empty block with fixed codes.
    private static ReadOnlySpan<byte> EndOfDeflate => [0x03, 0x00];

    /// <param name="blockLength">Bytes of every block.</param>
    /// <param name="fill">Writes the block of that index; called in parallel.</param>
    public static void Write(Stream output, ReadOnlySpan<byte> firstBlock, int blockCount, int blockLength, Action<int, Memory<byte>> fill)
    {
        var checksum = new Crc32();
        output.Write(Header);
        using (var start = new MemoryStream())
        {
            Deflate(firstBlock, start);
            checksum.Append(firstBlock);
            WriteAll(start, output);
        }

        var slots = Enumerable.Range(0, Math.Min(blockCount, 2 * Environment.ProcessorCount))
            .Select(_ => (Raw: ArrayPool<byte>.Shared.Rent(blockLength), Compressed: new MemoryStream(blockLength)))
            .ToArray();
        for (var first = 0; first < blockCount; first += slots.Length)
        {
            var wave = Math.Min(slots.Length, blockCount - first);
            Parallel.For(0, wave, slot =>
            {
                fill(first + slot, slots[slot].Raw.AsMemory(0, blockLength));
                Deflate(slots[slot].Raw.AsSpan(0, blockLength), slots[slot].Compressed);
            });
            foreach (var (raw, compressed) in slots.AsSpan(0, wave))
            {
                checksum.Append(raw.AsSpan(0, blockLength));
                WriteAll(compressed, output);
            }
        }

        Array.ForEach(slots, slot => ArrayPool<byte>.Shared.Return(slot.Raw));
        Span<byte> trailer = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, checksum.GetCurrentHashAsUInt32());
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], unchecked((uint)(firstBlock.Length + ((long)blockCount * blockLength))));
        output.Write(EndOfDeflate);
        output.Write(trailer);
    }

    private static void Deflate(ReadOnlySpan<byte> raw, MemoryStream compressed)
    {
        compressed.SetLength(0);
        using var deflate = new DeflateStream(compressed, CompressionLevel.Fastest, leaveOpen: true);
        deflate.Write(raw);
        deflate.Flush();
        // Disposal appends an end of stream that must not stand between blocks.
        var length = compressed.Length;
        deflate.Dispose();
        compressed.SetLength(length);
    }

    private static void WriteAll(MemoryStream source, Stream output) => output.Write(source.GetBuffer().AsSpan(0, (int)source.Length));
}
