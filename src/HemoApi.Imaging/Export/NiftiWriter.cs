using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Export;

/// <summary>Writes volumes as gzipped NIfTI-1 single files (https://nifti.nimh.nih.gov/nifti-1), little endian. The header holds
/// no patient data and no time, so the same volume always gives the same bytes.</summary>
/// <remarks>A sheared stack (tilted gantry) has the exact sform and qform_code 0: a qform cannot hold shear, and readers that know
/// only orthogonal axes (ITK, 3D Slicer) refuse such a file instead of misplacing slices by centimetres. An unevenly spaced
/// stack's affine joins its first and last slice, and the description says so.</remarks>
public static class NiftiWriter
{
    private const int HeaderLength = 348;
    private const int VoxelOffset = 352;
    private const short TypeUInt8 = 2;
    private const short TypeInt16 = 4;
    private const short IntentNone = 0;
    private const short IntentLabel = 1002;
    private const short ScannerAnatomical = 1;
    private const byte UnitsMm = 2;

    private delegate void SliceReader<T>(int slice, Span<T> voxels);

    /// <summary>The stack is right-angled and evenly spaced as it was scanned, so that the orthogonal files would be the same as the others.</summary>
    public static bool IsOrthogonal(VolumeGeometry geometry) => new NiftiGeometry(geometry) is { IsSheared: false, IsUneven: false };

    /// <summary>Labels 0 none, 1 ICH, 2 EDH, 3 SDH as unsigned bytes.</summary>
    public static void WriteMask(LabelVolume mask, Stream output) =>
        Write<byte>((slice, voxels) => Slice(mask.Labels, slice, voxels), mask.Geometry, TypeUInt8, IntentLabel, "0 none, 1 ICH, 2 EDH, 3 SDH", output);

    /// <summary>Hounsfield units as 16-bit integers.</summary>
    public static void WriteImage(CtVolume image, Stream output) =>
        Write<short>((slice, voxels) => Slice(image.Hounsfield, slice, voxels), image.Geometry, TypeInt16, IntentNone, "HU", output);

    /// <summary>As <see cref="WriteMask"/>, on a right-angled and evenly spaced grid: each label is that of the nearest voxel.</summary>
    public static void WriteOrthogonalMask(LabelVolume mask, Stream output)
    {
        var grid = new OrthogonalGrid(mask.Geometry);
        Write<byte>((slice, voxels) => grid.TakeNearest(mask, slice, voxels), grid.Geometry, TypeUInt8, IntentLabel, "0 none, 1 ICH, 2 EDH, 3 SDH; resampled", output);
    }

    /// <summary>As <see cref="WriteImage"/>, on the grid of <see cref="WriteOrthogonalMask"/>: HU are interpolated linearly, and
    /// −1024 where nothing was scanned.</summary>
    public static void WriteOrthogonalImage(CtVolume image, Stream output)
    {
        var grid = new OrthogonalGrid(image.Geometry);
        Write<short>((slice, voxels) => grid.Interpolate(image, slice, voxels), grid.Geometry, TypeInt16, IntentNone, "HU; resampled", output);
    }

    private static void Slice<T>(T[] voxels, int slice, Span<T> target) => voxels.AsSpan(slice * target.Length, target.Length).CopyTo(target);

    private static void Write<T>(SliceReader<T> read, VolumeGeometry geometry, short dataType, short intent, string content, Stream output)
        where T : unmanaged
    {
        var (columns, rows) = (geometry.Columns, geometry.Rows);
        var voxelBytes = Marshal.SizeOf<T>();
        var header = Header(geometry, new NiftiGeometry(geometry), dataType, voxelBytes, intent, content);
        GzipBlocks.Write(output, header, geometry.SliceCount, columns * rows * voxelBytes, (slice, block) =>
        {
            var rented = ArrayPool<T>.Shared.Rent(columns * rows);
            var voxels = rented.AsSpan(0, columns * rows);
            read(slice, voxels);
            for (var row = 0; row < rows; row++)
            {
                CopyLittleEndian(voxels.Slice((rows - 1 - row) * columns, columns), block.Span.Slice(row * columns * voxelBytes, columns * voxelBytes));
            }

            ArrayPool<T>.Shared.Return(rented);
        });
    }

    private static void CopyLittleEndian<T>(Span<T> source, Span<byte> target)
        where T : unmanaged
    {
        MemoryMarshal.AsBytes(source).CopyTo(target);
        if (!BitConverter.IsLittleEndian && typeof(T) == typeof(short))
        {
            var shorts = MemoryMarshal.Cast<byte, short>(target);
            BinaryPrimitives.ReverseEndianness(shorts, shorts);
        }
    }

    private static byte[] Header(VolumeGeometry geometry, NiftiGeometry nifti, short dataType, int voxelBytes, short intent, string content)
    {
        var header = new byte[VoxelOffset];
        void Short(int offset, int value) => BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(offset), checked((short)value));
        void Float(int offset, double value) => BinaryPrimitives.WriteSingleLittleEndian(header.AsSpan(offset), (float)value);
        void Text(int offset, string text) => Encoding.ASCII.GetBytes(text, header.AsSpan(offset));

        BinaryPrimitives.WriteInt32LittleEndian(header, HeaderLength);
        int[] dimensions = [3, geometry.Columns, geometry.Rows, geometry.SliceCount, 1, 1, 1, 1];
        double[] spacings = [-1, nifti.SpacingMm.Column, nifti.SpacingMm.Row, nifti.SpacingMm.Slice, 0, 0, 0, 0];
        for (var d = 0; d < 8; d++)
        {
            Short(40 + (2 * d), dimensions[d]);
            Float(76 + (4 * d), spacings[d]);
        }

        Short(68, intent);
        Short(70, dataType);
        Short(72, 8 * voxelBytes);
        Float(108, VoxelOffset);
        Float(112, 1);
        header[123] = UnitsMm;
        Text(148, $"HemoApi: {content}{(nifti.IsSheared ? "; sheared" : "")}{(nifti.IsUneven ? "; uneven: affine joins end slices" : "")}");
        Short(254, ScannerAnatomical);
        if (!nifti.IsSheared)
        {
            Short(252, ScannerAnatomical);
            double[] quaternion = [nifti.Quaternion.B, nifti.Quaternion.C, nifti.Quaternion.D];
            for (var q = 0; q < 3; q++)
            {
                Float(256 + (4 * q), quaternion[q]);
                Float(268 + (4 * q), nifti.Sform[q, 3]);
            }
        }

        for (var s = 0; s < 12; s++)
        {
            Float(280 + (4 * s), nifti.Sform[s / 4, s % 4]);
        }

        Text(344, "n+1");
        return header;
    }
}
