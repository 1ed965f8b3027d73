using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Registration;

/// <summary>Finds the edges of bone on the rows and columns of one slice. An edge is where the density is half way between the bone inside and
/// what is outside: partial volume and blur move it the least there.</summary>
internal sealed class SkullSlice
{
    private const short BoneHu = 300;
    private const double InsideMm = 3;
    private const double OutsideMm = 2;

    /// <summary>Surfaces more parallel to the slice than this are seen only by their partial volume, and their place is not known well.</summary>
    private const double LeastInPlane = 0.45;

    private readonly VolumeGeometry _geometry;
    private readonly int _slice;
    private readonly short[] _here;
    private readonly short[] _before;
    private readonly short[] _after;
    private readonly Vector3D _acrossColumns;
    private readonly Vector3D _acrossRows;
    private readonly Vector3D _acrossSlices;
    private readonly int _columnReach;
    private readonly int _rowReach;

    /// <param name="before">The slice below; null where there is none. So with <paramref name="after"/>.</param>
    public SkullSlice(VolumeGeometry geometry, int slice, short[]? before, short[] here, short[]? after)
    {
        (_geometry, _slice, _here, _before, _after) = (geometry, slice, here, before ?? here, after ?? here);
        _columnReach = Math.Max(1, (int)Math.Round(1 / geometry.ColumnSpacingMm));
        _rowReach = Math.Max(1, (int)Math.Round(1 / geometry.RowSpacingMm));

        // The gradient has these differences along the axes of the grid, which are not orthogonal where the gantry was tilted.
        var columns = geometry.RowDirection * (2 * _columnReach * geometry.ColumnSpacingMm);
        var rows = geometry.ColumnDirection * (2 * _rowReach * geometry.RowSpacingMm);
        var step = geometry.Slices[after is null ? slice : slice + 1].OriginLpsMm - geometry.Slices[before is null ? slice : slice - 1].OriginLpsMm;
        var volume = 1 / columns.Dot(rows.Cross(step));
        (_acrossColumns, _acrossRows, _acrossSlices) = (rows.Cross(step) * volume, step.Cross(columns) * volume, columns.Cross(rows) * volume);
    }

    /// <param name="lineMm">Lines closer than this to the one before are passed over.</param>
    public void AddTo(Action<SurfacePoint> add, double lineMm)
    {
        var (columns, rows) = (_geometry.Columns, _geometry.Rows);
        for (var row = 0; row < rows; row += Math.Max(1, (int)(lineMm / _geometry.RowSpacingMm)))
        {
            Search(row * columns, 1, columns, _geometry.ColumnSpacingMm, add);
        }

        for (var column = 0; column < columns; column += Math.Max(1, (int)(lineMm / _geometry.ColumnSpacingMm)))
        {
            Search(column, columns, rows, _geometry.RowSpacingMm, add);
        }
    }

    private void Search(int start, int stride, int length, double spacingMm, Action<SurfacePoint> add)
    {
        var wasBone = _here[start] >= BoneHu;
        for (var i = 1; i < length; i++)
        {
            var isBone = _here[start + (i * stride)] >= BoneHu;
            if (isBone != wasBone)
            {
                var (inside, outwards) = isBone ? (i, -1) : (i - 1, 1);
                AddEdge(start, stride, length, spacingMm, inside, outwards, add);
                wasBone = isBone;
            }
        }
    }

    private void AddEdge(int start, int stride, int length, double spacingMm, int inside, int outwards, Action<SurfacePoint> add)
    {
        int Hu(int i) => _here[start + (i * stride)];
        var (peak, floor) = (inside, Hu(inside + outwards));
        for (var i = inside - outwards; i >= 0 && i < length && Math.Abs(i - inside) * spacingMm <= InsideMm && Hu(i) >= BoneHu; i -= outwards)
        {
            peak = Hu(i) > Hu(peak) ? i : peak;
        }

        for (var i = inside + outwards; i >= 0 && i < length && Math.Abs(i - inside) * spacingMm <= OutsideMm && Hu(i) < BoneHu; i += outwards)
        {
            floor = Math.Min(floor, Hu(i));
        }

        var half = (Hu(peak) + floor) / 2.0;
        var edge = peak;
        while (edge + outwards >= 0 && edge + outwards < length && Hu(edge + outwards) >= half)
        {
            edge += outwards;
        }

        if (edge + outwards < 0 || edge + outwards >= length)
        {
            return;
        }

        var at = edge + (outwards * ((Hu(edge) - half) / (Hu(edge) - Hu(edge + outwards))));
        var voxel = start + (edge * stride);
        if (Normal(voxel) is { } normal)
        {
            var lpsMm = stride == 1 ? _geometry.ToLpsMm(at, start / _geometry.Columns, _slice) : _geometry.ToLpsMm(start, at, _slice);
            add(new(lpsMm, normal));
        }
    }

    private Vector3D? Normal(int voxel)
    {
        var (columns, rows) = (_geometry.Columns, _geometry.Rows);
        var (column, row) = (voxel % columns, voxel / columns);
        if (column < _columnReach || column >= columns - _columnReach || row < _rowReach || row >= rows - _rowReach)
        {
            return null;
        }

        var gradient = (_acrossColumns * (_here[voxel + _columnReach] - _here[voxel - _columnReach]))
            + (_acrossRows * (_here[voxel + (_rowReach * columns)] - _here[voxel - (_rowReach * columns)]))
            + (_acrossSlices * (_after[voxel] - _before[voxel]));
        if (gradient.Length == 0)
        {
            return null;
        }

        var normal = gradient.Normalized() * -1;
        var along = normal.Dot(_geometry.Normal);
        return 1 - (along * along) >= LeastInPlane * LeastInPlane ? normal : null;
    }
}
