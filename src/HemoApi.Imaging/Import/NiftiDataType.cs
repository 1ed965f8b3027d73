using System.Buffers.Binary;

namespace HemoApi.Imaging.Import;

/// <summary>How a voxel is stored (NIfTI-1 <c>datatype</c>), of the types that are one number.</summary>
/// <param name="Read">The value at the start of the bytes, which are little endian or not.</param>
internal sealed record NiftiDataType(int Code, int Bytes, NiftiDataType.Reader Read)
{
    public delegate double Reader(ReadOnlySpan<byte> voxel, bool littleEndian);

    public const int UInt8 = 2;

    private static readonly NiftiDataType[] All =
    [
        new(UInt8, 1, (v, _) => v[0]),
        new(256, 1, (v, _) => (sbyte)v[0]),
        new(4, 2, (v, le) => le ? BinaryPrimitives.ReadInt16LittleEndian(v) : BinaryPrimitives.ReadInt16BigEndian(v)),
        new(512, 2, (v, le) => le ? BinaryPrimitives.ReadUInt16LittleEndian(v) : BinaryPrimitives.ReadUInt16BigEndian(v)),
        new(8, 4, (v, le) => le ? BinaryPrimitives.ReadInt32LittleEndian(v) : BinaryPrimitives.ReadInt32BigEndian(v)),
        new(768, 4, (v, le) => le ? BinaryPrimitives.ReadUInt32LittleEndian(v) : BinaryPrimitives.ReadUInt32BigEndian(v)),
        new(1024, 8, (v, le) => le ? BinaryPrimitives.ReadInt64LittleEndian(v) : BinaryPrimitives.ReadInt64BigEndian(v)),
        new(1280, 8, (v, le) => le ? BinaryPrimitives.ReadUInt64LittleEndian(v) : BinaryPrimitives.ReadUInt64BigEndian(v)),
        new(16, 4, (v, le) => le ? BinaryPrimitives.ReadSingleLittleEndian(v) : BinaryPrimitives.ReadSingleBigEndian(v)),
        new(64, 8, (v, le) => le ? BinaryPrimitives.ReadDoubleLittleEndian(v) : BinaryPrimitives.ReadDoubleBigEndian(v)),
    ];

    /// <summary>Null for complex numbers, colours and other types that are not one number.</summary>
    public static NiftiDataType? Of(int code) => Array.Find(All, type => type.Code == code);
}
