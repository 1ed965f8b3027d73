using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Export;

/// <summary>Reads back an image that <see cref="NiftiWriter"/> wrote, in the voxel order of <see cref="VolumeGeometry"/>, a slice at a time. Not a reader of
/// other programs' files, nor of masks: that is <see cref="Import.NiftiLabelReader"/>.</summary>
public static class NiftiReader
{
    private const int HeaderLength = 348;
    private const int VoxelOffset = 352;
    private const short TypeInt16 = 4;

    /// <summary>The slices of an image in HU, rows × columns each, one at a time.</summary>
    /// <param name="gzip">Stays open.</param>
    /// <param name="geometry">Of the series; the file's own affine does not hold all of it.</param>
    /// <exception cref="InvalidDataException">The file is none of ours, or not of this geometry.</exception>
    public static IEnumerable<short[]> ReadImage(Stream gzip, VolumeGeometry geometry)
    {
        using var stream = Open(gzip, geometry);
        for (var k = 0; k < geometry.SliceCount; k++)
        {
            var slice = new short[geometry.Rows * geometry.Columns];
            ReadSlice(stream, MemoryMarshal.AsBytes(slice.AsSpan()), geometry.Rows);
            if (!BitConverter.IsLittleEndian)
            {
                BinaryPrimitives.ReverseEndianness(slice, slice);
            }

            yield return slice;
        }
    }

    private static GZipStream Open(Stream gzip, VolumeGeometry geometry)
    {
        var stream = new GZipStream(gzip, CompressionMode.Decompress, leaveOpen: true);
        var header = new byte[VoxelOffset];
        stream.ReadExactly(header);
        short Short(int offset) => BinaryPrimitives.ReadInt16LittleEndian(header.AsSpan(offset));
        if (BinaryPrimitives.ReadInt32LittleEndian(header) != HeaderLength
            || (Short(42), Short(44), Short(46), Short(70)) != (geometry.Columns, geometry.Rows, geometry.SliceCount, TypeInt16))
        {
            stream.Dispose();
            throw new InvalidDataException("the NIfTI file is not of this series");
        }

        return stream;
    }

    /// <summary>Files hold the rows from the last to the first.</summary>
    private static void ReadSlice(GZipStream stream, Span<byte> slice, int rows)
    {
        var rowBytes = slice.Length / rows;
        for (var row = rows - 1; row >= 0; row--)
        {
            stream.ReadExactly(slice.Slice(row * rowBytes, rowBytes));
        }
    }
}
