using System.Buffers.Binary;

namespace HemoApi.Imaging.Import;

/// <summary>What the header of a NIfTI-1 file says of one volume (https://nifti.nimh.nih.gov/nifti-1).</summary>
/// <param name="Dimensions">Voxels along i, j and k; i is stored fastest.</param>
/// <param name="VoxelOffset">Where the voxels begin, bytes from the start of the file.</param>
/// <param name="Slope">With <paramref name="Intercept"/>: value = slope × stored + intercept.</param>
/// <param name="LpsAffine">4×4 row-major, (i, j, k, 1) → LPS mm.</param>
internal sealed record NiftiHeader(
    (int I, int J, int K) Dimensions, NiftiDataType DataType, bool IsLittleEndian, long VoxelOffset, double Slope, double Intercept, double[,] LpsAffine)
{
    public const int Length = 348;

    /// <summary>Extensions before the voxels may be this long.</summary>
    private const long LargestOffset = 16L << 20;

    private const int FirstVoxel = 352;

    public long VoxelCount => (long)Dimensions.I * Dimensions.J * Dimensions.K;

    /// <param name="header">The first <see cref="Length"/> bytes.</param>
    /// <returns><see cref="FaultCodes.NiftiInvalid"/> or <see cref="FaultCodes.NiftiUnsupported"/> otherwise.</returns>
    public static Outcome<NiftiHeader> Parse(ReadOnlySpan<byte> header)
    {
        if (header.Length < Length || !TryFindByteOrder(header, out var littleEndian))
        {
            return NiftiFaults.Invalid("it has no NIfTI-1 header");
        }

        var fields = new NiftiFields(header.ToArray(), littleEndian);
        if (!header[344..348].SequenceEqual("n+1\0"u8))
        {
            return header[344..347].SequenceEqual("ni1"u8)
                ? NiftiFaults.Unsupported("it is the header of a pair of .hdr and .img")
                : NiftiFaults.Invalid("its magic is not n+1");
        }

        if (DimensionsOf(fields, out var dimensions) is { } fault)
        {
            return fault;
        }

        if (NiftiDataType.Of(fields.Int16(70)) is not { } type)
        {
            return NiftiFaults.Unsupported($"voxels of data type {fields.Int16(70)} are no single numbers");
        }

        if (fields.Int16(72) != 8 * type.Bytes)
        {
            return NiftiFaults.Invalid("its bits per voxel are not those of its data type");
        }

        var offset = fields.Single(108) == 0 ? FirstVoxel : fields.Single(108);
        if (!(offset >= FirstVoxel && offset <= LargestOffset) || offset != Math.Floor(offset))
        {
            return NiftiFaults.Invalid("its voxels begin nowhere that they may");
        }

        var (slope, intercept) = (fields.Single(112), fields.Single(116));
        var isScaled = slope != 0 && double.IsFinite(slope);
        if (isScaled && !double.IsFinite(intercept))
        {
            return NiftiFaults.Invalid("its scaling is not finite");
        }

        return NiftiOrientation.LpsAffine(fields).TryGet(out var affine, out fault)
            ? new NiftiHeader(dimensions, type, littleEndian, (long)offset, isScaled ? slope : 1, isScaled ? intercept : 0, affine)
            : fault;
    }

    /// <summary>The number of dimensions is 1 to 7 in one byte order only.</summary>
    private static bool TryFindByteOrder(ReadOnlySpan<byte> header, out bool littleEndian)
    {
        littleEndian = BinaryPrimitives.ReadInt16LittleEndian(header[40..]) is >= 1 and <= 7;
        var length = littleEndian ? BinaryPrimitives.ReadInt32LittleEndian(header) : BinaryPrimitives.ReadInt32BigEndian(header);
        return length == Length && (littleEndian || BinaryPrimitives.ReadInt16BigEndian(header[40..]) is >= 1 and <= 7);
    }

    private static Fault? DimensionsOf(NiftiFields fields, out (int I, int J, int K) dimensions)
    {
        var sizes = Enumerable.Range(1, 7).Select(d => d <= fields.Int16(40) ? fields.Int16(40 + (2 * d)) : 1).ToArray();
        dimensions = (sizes[0], sizes[1], sizes[2]);
        return Array.Exists(sizes, size => size < 1) ? NiftiFaults.Invalid("a dimension has no voxels")
            : Array.Exists(sizes[3..], size => size != 1) ? NiftiFaults.Unsupported("it holds several volumes")
            : null;
    }
}

/// <summary>Fields of the header by their offsets.</summary>
internal sealed class NiftiFields(byte[] header, bool littleEndian)
{
    public byte Byte(int offset) => header[offset];

    public short Int16(int offset) => littleEndian
        ? BinaryPrimitives.ReadInt16LittleEndian(header.AsSpan(offset))
        : BinaryPrimitives.ReadInt16BigEndian(header.AsSpan(offset));

    public double Single(int offset) => littleEndian
        ? BinaryPrimitives.ReadSingleLittleEndian(header.AsSpan(offset))
        : BinaryPrimitives.ReadSingleBigEndian(header.AsSpan(offset));
}
