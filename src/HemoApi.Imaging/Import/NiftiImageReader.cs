using System.Globalization;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Import;

/// <summary>Reads a CT in Hounsfield units from a NIfTI-1 single file (.nii or .nii.gz), of integers or floats and either byte order.</summary>
/// <remarks>The file's axes may come in any order and run either way. The one closest to the head-feet axis becomes that of the slices, and of
/// the others the one closest to left-right that of the columns; slices ascend, rows run to posterior, columns to the left. No voxel is
/// resampled: oblique and sheared grids (a tilted gantry as dcm2niix writes it) stay so. NIfTI knows no slice thickness: it is taken as
/// the distance between slices.</remarks>
public static class NiftiImageReader
{
    /// <summary>512 MB of HU: 1,024 slices of 512 × 512.</summary>
    private const long LargestVoxelCount = 1L << 28;

    /// <param name="input">Need not seek; gzip is recognised by its magic. Stays open.</param>
    /// <returns>The image; else <see cref="FaultCodes.NiftiInvalid"/> or <see cref="FaultCodes.NiftiUnsupported"/>.</returns>
    /// <exception cref="OperationCanceledException">Between two slices.</exception>
    public static Outcome<CtVolume> Read(Stream input, CancellationToken cancellation) =>
        NiftiStream.Read(input, (stream, header) => ReadVoxels(stream, header, cancellation));

    private static Outcome<CtVolume> ReadVoxels(Stream input, NiftiHeader header, CancellationToken cancellation)
    {
        if (header.VoxelCount > LargestVoxelCount)
        {
            return NiftiFaults.Unsupported(string.Create(CultureInfo.InvariantCulture, $"it has {header.VoxelCount} voxels, and {LargestVoxelCount} are allowed"));
        }

        if (!NiftiStack.Geometry(header).TryGet(out var geometry, out var fault)
            || !GridMatch.Find(header.Dimensions, header.LpsAffine, geometry).TryGet(out var match, out fault))
        {
            return fault;
        }

        if (!NiftiStream.TrySkipToVoxels(input, header))
        {
            return NiftiFaults.Invalid("it ends before its voxels");
        }

        var hounsfield = new short[geometry.VoxelCount];
        var row = new byte[header.Dimensions.I * header.DataType.Bytes];
        for (var k = 0; k < header.Dimensions.K; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (var j = 0; j < header.Dimensions.J; j++)
            {
                if (input.ReadAtLeast(row, row.Length, throwOnEndOfStream: false) < row.Length)
                {
                    return NiftiFaults.Invalid("it ends before its last voxel");
                }

                if (Place(row, header, match, (j, k), hounsfield) is { } wrong)
                {
                    return NiftiFaults.Invalid(string.Create(CultureInfo.InvariantCulture, $"it has a voxel of {wrong:G6}, which is no Hounsfield unit"));
                }
            }
        }

        // The check sum stands at the end of gzip data.
        _ = input.Read(row);
        return new CtVolume(geometry, hounsfield);
    }

    /// <returns>The first value that is no HU; null where all are.</returns>
    private static double? Place(ReadOnlySpan<byte> row, NiftiHeader header, GridMatch match, (int J, int K) at, short[] hounsfield)
    {
        var target = match.Origin + (at.J * match.StrideJ) + (at.K * match.StrideK);
        for (var i = 0; i < header.Dimensions.I; i++, target += match.StrideI)
        {
            var hu = Math.Round((header.Slope * header.DataType.Read(row[(i * header.DataType.Bytes)..], header.IsLittleEndian)) + header.Intercept);
            if (!(hu is >= short.MinValue and <= short.MaxValue))
            {
                return hu;
            }

            hounsfield[target] = (short)hu;
        }

        return null;
    }
}
