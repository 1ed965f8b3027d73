namespace HemoApi.Imaging.Volumes;

/// <summary>Finds the voxel whose centre is closest to a point: the slice that is closest along the normal, then its own pixels, so that
/// tilted and uneven stacks are exact.</summary>
internal sealed class VoxelLookup
{
    private readonly VolumeGeometry _geometry;
    private readonly double[] _middles;
    private readonly Vector3D _alongColumns;
    private readonly Vector3D _alongRows;

    public VoxelLookup(VolumeGeometry geometry)
    {
        _geometry = geometry;
        _middles = [.. Enumerable.Range(0, geometry.SliceCount - 1).Select(k => geometry.PositionAlongNormalMm(k) + (geometry.GapAfterMm(k) / 2))];
        _alongColumns = geometry.RowDirection * (1 / geometry.ColumnSpacingMm);
        _alongRows = geometry.ColumnDirection * (1 / geometry.RowSpacingMm);
    }

    /// <summary>False where the point lies outside of the scan.</summary>
    public bool TryFind(Vector3D lpsMm, out int column, out int row, out int slice)
    {
        var along = lpsMm.Dot(_geometry.Normal);
        var found = Array.BinarySearch(_middles, along);
        slice = found >= 0 ? found : ~found;
        var inPlane = lpsMm - _geometry.Slices[slice].OriginLpsMm;
        column = (int)Math.Round(inPlane.Dot(_alongColumns));
        row = (int)Math.Round(inPlane.Dot(_alongRows));
        return column >= 0 && column < _geometry.Columns && row >= 0 && row < _geometry.Rows
            && Math.Abs(inPlane.Dot(_geometry.Normal)) <= ReachMm(slice);
    }

    /// <summary>Up to the middle of the larger gap beside a slice.</summary>
    private double ReachMm(int slice)
    {
        if (_geometry.SliceCount == 1)
        {
            return _geometry.Slices[0].ThicknessMm / 2;
        }

        var before = slice > 0 ? _geometry.GapAfterMm(slice - 1) : 0;
        var after = slice < _geometry.SliceCount - 1 ? _geometry.GapAfterMm(slice) : 0;
        return Math.Max(before, after) / 2;
    }
}
