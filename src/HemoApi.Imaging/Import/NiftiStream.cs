using System.IO.Compression;

namespace HemoApi.Imaging.Import;

/// <summary>A NIfTI-1 single file as it is or gzipped, from its first byte on.</summary>
internal static class NiftiStream
{
    /// <summary>Reads the header, and leaves the rest to <paramref name="read"/>: the stream stands behind the header.</summary>
    /// <param name="input">Need not seek; gzip is recognised by its magic. Stays open.</param>
    /// <returns>What was read, or <see cref="FaultCodes.NiftiInvalid"/> or <see cref="FaultCodes.NiftiUnsupported"/>.</returns>
    public static Outcome<T> Read<T>(Stream input, Func<Stream, NiftiHeader, Outcome<T>> read)
        where T : notnull
    {
        Span<byte> magic = stackalloc byte[2];
        var length = input.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
        using var whole = new PrefixedStream(magic[..length].ToArray(), input);
        if (length < 2 || magic[0] != 0x1F || magic[1] != 0x8B)
        {
            return ReadPlain(whole, read);
        }

        using var unzipped = new GZipStream(whole, CompressionMode.Decompress);
        try
        {
            return ReadPlain(unzipped, read);
        }
        catch (InvalidDataException)
        {
            return NiftiFaults.Invalid("its gzip data are damaged");
        }
    }

    /// <summary>Goes from the end of the header to the voxels; false where the file ends before.</summary>
    public static bool TrySkipToVoxels(Stream input, NiftiHeader header)
    {
        var buffer = new byte[4096];
        for (var bytes = header.VoxelOffset - NiftiHeader.Length; bytes > 0;)
        {
            var read = input.Read(buffer, 0, (int)Math.Min(bytes, buffer.Length));
            if (read == 0)
            {
                return false;
            }

            bytes -= read;
        }

        return true;
    }

    private static Outcome<T> ReadPlain<T>(Stream input, Func<Stream, NiftiHeader, Outcome<T>> read)
        where T : notnull
    {
        var start = new byte[NiftiHeader.Length];
        var length = input.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return NiftiHeader.Parse(start.AsSpan(0, length)).TryGet(out var header, out var fault) ? read(input, header) : fault;
    }
}
