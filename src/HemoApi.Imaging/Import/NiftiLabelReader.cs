using System.Globalization;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Import;

/// <summary>Reads a label map from a NIfTI-1 single file (.nii or .nii.gz), of integers or floats and either byte order, onto the grid of
/// a series. Reads a row at a time and never more voxels than the series has.</summary>
public static class NiftiLabelReader
{
    private const double WholeNumberTolerance = 1e-3;

    /// <param name="input">Need not seek; gzip is recognised by its magic.</param>
    /// <param name="onlyType">Null: labels are 0 none, 1 ICH, 2 EDH, 3 SDH. Else the mask is of this type alone, and every label but 0 is it.</param>
    /// <returns>The labels in the voxel order of the geometry; else <see cref="FaultCodes.NiftiInvalid"/>,
    /// <see cref="FaultCodes.NiftiUnsupported"/>, <see cref="FaultCodes.ReferenceGridMismatch"/> or <see cref="FaultCodes.ReferenceLabels"/>.</returns>
    /// <exception cref="OperationCanceledException">Between two slices.</exception>
    public static Outcome<LabelVolume> Read(Stream input, VolumeGeometry geometry, HemorrhageType? onlyType, CancellationToken cancellation) =>
        NiftiStream.Read(input, (stream, header) => ReadVoxels(stream, header, geometry, onlyType, cancellation));

    private static Outcome<LabelVolume> ReadVoxels(
        Stream input, NiftiHeader header, VolumeGeometry geometry, HemorrhageType? onlyType, CancellationToken cancellation)
    {
        if (!GridMatch.Find(header.Dimensions, header.LpsAffine, geometry).TryGet(out var match, out var fault))
        {
            return fault;
        }

        if (!NiftiStream.TrySkipToVoxels(input, header))
        {
            return NiftiFaults.Invalid("it ends before its voxels");
        }

        var labels = new byte[geometry.VoxelCount];
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

                if (Place(row, header, match, (j, k), onlyType, labels) is { } wrong)
                {
                    return Unknown(wrong, onlyType);
                }
            }
        }

        // The check sum stands at the end of gzip data.
        _ = input.Read(row);
        return new LabelVolume(geometry, labels);
    }

    /// <returns>The first value that is no label; null where all are.</returns>
    private static double? Place(ReadOnlySpan<byte> row, NiftiHeader header, GridMatch match, (int J, int K) at, HemorrhageType? onlyType, byte[] labels)
    {
        var highest = onlyType is null ? (double)HemorrhageType.Sdh : double.MaxValue;
        var target = match.Origin + (at.J * match.StrideJ) + (at.K * match.StrideK);
        if (header is { DataType.Code: NiftiDataType.UInt8, Slope: 1, Intercept: 0 } && onlyType is null && !row.ContainsAnyExceptInRange((byte)0, (byte)HemorrhageType.Sdh))
        {
            // What most files are, by far, and all that this service has stored.
            for (var i = 0; i < row.Length; i++, target += match.StrideI)
            {
                labels[target] = row[i];
            }

            return null;
        }

        for (var i = 0; i < header.Dimensions.I; i++, target += match.StrideI)
        {
            var value = (header.Slope * header.DataType.Read(row[(i * header.DataType.Bytes)..], header.IsLittleEndian)) + header.Intercept;
            var label = Math.Round(value);
            if (!(Math.Abs(value - label) <= WholeNumberTolerance) || label < 0 || label > highest)
            {
                return value;
            }

            labels[target] = label == 0 ? (byte)0 : onlyType is { } type ? (byte)type : (byte)label;
        }

        return null;
    }

    private static Fault Unknown(double value, HemorrhageType? onlyType) => new(
        FaultCodes.ReferenceLabels,
        string.Create(CultureInfo.InvariantCulture, $"The mask has a voxel of {value:G6}, which is no label{(onlyType is null ? "" : " of a mask of one type")}."),
        "Label voxels 0 none, 1 ICH, 2 EDH, 3 SDH; or name the one type of a mask with ?type=, and give whole numbers of 0 and more.");
}
