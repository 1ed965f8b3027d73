using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Quantification;

/// <summary>The skull of a scan as points about 3 mm apart, and a blurred map of it on the same coarse cells: what it takes to see how well
/// a mirror image fits.</summary>
internal sealed class SkullPoints
{
    public const int FewestPoints = 300;

    /// <summary>Front and back at four heights.</summary>
    public const int PartCount = 8;

    /// <summary>In place of a part: every point.</summary>
    public const int All = -1;

    /// <summary>In place of a part: so few points that many planes can be tried.</summary>
    public const int Few = -2;

    private const short BoneHu = 250;
    private const double CellMm = 3;
    private const int FewPoints = 700;

    /// <summary>More of them cost time and move the plane by less than its error.</summary>
    private const int MostPoints = 2000;

    private readonly VolumeGeometry _geometry;
    private readonly VoxelLookup _lookup;
    private readonly int _step;
    private readonly int _columns;
    private readonly int _rows;
    private readonly float[] _blurred;
    private readonly Vector3D[] _points;
    private readonly float[] _own;
    private readonly int[] _parts;

    public SkullPoints(CtVolume image)
    {
        _geometry = image.Geometry;
        _lookup = new VoxelLookup(_geometry);
        _step = Math.Max(1, (int)(CellMm / Math.Max(_geometry.ColumnSpacingMm, _geometry.RowSpacingMm)));
        (_columns, _rows) = ((_geometry.Columns + _step - 1) / _step, (_geometry.Rows + _step - 1) / _step);
        var bone = new bool[_columns * _rows * _geometry.SliceCount];
        var points = new List<Vector3D>();
        for (var cell = 0; cell < bone.Length; cell++)
        {
            var (column, row, slice) = Voxel(cell);
            bone[cell] = image.Hounsfield[(((slice * _geometry.Rows) + row) * _geometry.Columns) + column] >= BoneHu;
            if (bone[cell])
            {
                points.Add(_geometry.ToLpsMm(column, row, slice));
            }
        }

        var every = Math.Max(1, points.Count / MostPoints);
        _points = [.. points.Where((_, i) => i % every == 0)];
        _blurred = Blur(bone);
        _own = [.. _points.Select(At)];
        MiddleLpsMm = _points.Aggregate(default(Vector3D), (sum, p) => sum + p) * (1.0 / Math.Max(1, _points.Length));
        _parts = Parts();
    }

    public int Count => _points.Length;

    public Vector3D MiddleLpsMm { get; }

    /// <summary>How much bone lies at the mirror images of the points, over how much lies at the points themselves. Points whose image is
    /// outside of the scan say nothing and are left out.</summary>
    /// <param name="part">A part, <see cref="All"/> or <see cref="Few"/>.</param>
    public double MirrorAgreement((Vector3D Point, Vector3D Normal) plane, int part)
    {
        var (mirrored, own) = (0.0, 0.0);
        var every = part == Few ? Math.Max(1, _points.Length / FewPoints) : 1;
        for (var i = 0; i < _points.Length; i += every)
        {
            if (part >= 0 && _parts[i] != part)
            {
                continue;
            }

            var point = _points[i];
            var image = point - (plane.Normal * (2 * (point - plane.Point).Dot(plane.Normal)));
            if (TryAt(image, out var there))
            {
                mirrored += there;
                own += _own[i];
            }
        }

        return own == 0 ? 0 : mirrored / own;
    }

    /// <summary>From where to where the skull reaches along a unit direction, mm; a hundredth of the points beyond either end may be metal or noise.</summary>
    public (double LowMm, double HighMm) Extent(Vector3D direction)
    {
        var along = _points.Select(p => p.Dot(direction)).Order().ToArray();
        return (along[along.Length / 100], along[along.Length - 1 - (along.Length / 100)]);
    }

    private (int Column, int Row, int Slice) Voxel(int cell) => (
        Math.Min((cell % _columns * _step) + (_step / 2), _geometry.Columns - 1),
        Math.Min((cell / _columns % _rows * _step) + (_step / 2), _geometry.Rows - 1),
        cell / (_columns * _rows));

    private float At(Vector3D point) => TryAt(point, out var value) ? value : 0;

    private bool TryAt(Vector3D point, out float value)
    {
        var found = _lookup.TryFind(point, out var column, out var row, out var slice);
        value = found ? _blurred[(((slice * _rows) + (row / _step)) * _columns) + (column / _step)] : 0;
        return found;
    }

    /// <summary>Mean over 3 × 3 cells of the slice.</summary>
    private float[] Blur(bool[] bone)
    {
        var blurred = new float[bone.Length];
        for (var cell = 0; cell < bone.Length; cell++)
        {
            if (!bone[cell])
            {
                continue;
            }

            var (column, row) = (cell % _columns, cell / _columns % _rows);
            for (var dy = row > 0 ? -1 : 0; dy <= (row < _rows - 1 ? 1 : 0); dy++)
            {
                for (var dx = column > 0 ? -1 : 0; dx <= (column < _columns - 1 ? 1 : 0); dx++)
                {
                    blurred[cell + (dy * _columns) + dx] += 1 / 9f;
                }
            }
        }

        return blurred;
    }

    /// <summary>Quarters of equal size from the lowest to the highest point, each cut in front and back.</summary>
    private int[] Parts()
    {
        var heights = _points.Select(p => p.Z).Order().ToArray();
        return [.. _points.Select(p =>
        {
            var height = heights.Length == 0 ? 0 : Array.BinarySearch(heights, p.Z) * 4 / heights.Length;
            return (Math.Clamp(height, 0, 3) * 2) + (p.Y > MiddleLpsMm.Y ? 1 : 0);
        })];
    }
}
