using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Quantification;

/// <summary>One lesion in a dense block of voxels with an empty margin on every side, which may reach beyond the scan.
/// <c>index = (slice * Rows + row) * Columns + column</c>, counted from the block's own corner.</summary>
internal sealed class VoxelBlock
{
    private readonly VoxelBox _box;
    private readonly int _margin;
    private readonly VolumeGeometry _geometry;

    public VoxelBlock(ConnectedLesion lesion, VoxelBox box, int margin, int marginSlices, VolumeGeometry geometry)
    {
        (_box, _margin, _geometry, MarginSlices) = (box, margin, geometry, marginSlices);
        Columns = box.MaxColumn - box.MinColumn + 1 + (2 * margin);
        Rows = box.MaxRow - box.MinRow + 1 + (2 * margin);
        Slices = box.MaxSlice - box.MinSlice + 1 + (2 * marginSlices);
        Voxels = new byte[Columns * Rows * Slices];
        foreach (var run in lesion.Runs.Span)
        {
            Voxels.AsSpan(Index(run.Start, run.Row, run.Slice), run.Length).Fill(1);
        }
    }

    public int Columns { get; }

    public int Rows { get; }

    public int Slices { get; }

    public int MarginSlices { get; }

    /// <summary>1 in the lesion, 0 elsewhere.</summary>
    public byte[] Voxels { get; }

    /// <summary>Whether a voxel of the volume belongs to the lesion.</summary>
    public bool Holds(int column, int row, int slice) =>
        column >= _box.MinColumn && column <= _box.MaxColumn && row >= _box.MinRow && row <= _box.MaxRow && slice >= _box.MinSlice && slice <= _box.MaxSlice
        && Voxels[Index(column, row, slice)] == 1;

    /// <summary>Extent of a slice of the block along the normal, mm. Beyond the scan it is that of the last slice.</summary>
    public double ExtentMm(int slice) => _geometry.SliceExtentMm(InScan(slice));

    /// <summary>How a slice of the block lies to its neighbours: the mean step to the next one, LPS mm.</summary>
    public Vector3D StepLpsMm(int slice)
    {
        if (_geometry.SliceCount == 1)
        {
            return _geometry.Normal * _geometry.Slices[0].ThicknessMm;
        }

        var k = InScan(slice);
        var (before, after) = (Math.Max(0, k - 1), Math.Min(_geometry.SliceCount - 1, k + 1));
        return (_geometry.Slices[after].OriginLpsMm - _geometry.Slices[before].OriginLpsMm) * (1.0 / (after - before));
    }

    private int Index(int column, int row, int slice) =>
        ((((slice - _box.MinSlice + MarginSlices) * Rows) + row - _box.MinRow + _margin) * Columns) + column - _box.MinColumn + _margin;

    private int InScan(int slice) => Math.Clamp(slice - MarginSlices + _box.MinSlice, 0, _geometry.SliceCount - 1);
}
