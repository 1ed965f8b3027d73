using HemoApi.Imaging.Dicom;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Export;

/// <summary>A right-angled, evenly spaced grid over a sheared or unevenly spaced stack, for readers that know no other. Its slices are
/// parallel to those of the stack, its rows and columns run as theirs, and it reaches as far as any of them.</summary>
/// <remarks>An even stack keeps its slice positions, and a slice that the shear moves by whole pixels keeps its values. The slices of an
/// uneven one are as close as its closest regular ones.</remarks>
internal sealed class OrthogonalGrid
{
    /// <summary>Gaps closer than this share of all are overlaps where two parts of a scan meet, not its spacing.</summary>
    private const double ClosestShare = 0.1;

    /// <summary>How many times the slices of the stack there may be.</summary>
    private const int MostSlices = 4;

    private readonly VolumeGeometry _source;
    private readonly (double Column, double Row)[] _offsets;
    private readonly int _firstColumn;
    private readonly int _firstRow;

    public OrthogonalGrid(VolumeGeometry source)
    {
        _source = source;
        var first = source.Slices[0].OriginLpsMm;

        // Where each slice's first pixel lies, in pixels of the first slice.
        _offsets = [.. source.Slices.Select(s => (
            (s.OriginLpsMm - first).Dot(source.RowDirection) / source.ColumnSpacingMm,
            (s.OriginLpsMm - first).Dot(source.ColumnDirection) / source.RowSpacingMm))];
        (_firstColumn, var columns) = Reach(_offsets.Select(o => o.Column));
        (_firstRow, var rows) = Reach(_offsets.Select(o => o.Row));
        var (count, stepMm) = Steps(source);
        var origin = first + (source.RowDirection * (_firstColumn * source.ColumnSpacingMm)) + (source.ColumnDirection * (_firstRow * source.RowSpacingMm));
        Geometry = new VolumeGeometry(
            source.Columns + columns,
            source.Rows + rows,
            source.RowDirection,
            source.ColumnDirection,
            source.RowSpacingMm,
            source.ColumnSpacingMm,
            [.. Enumerable.Range(0, count).Select(k => new SlicePlane(origin + (source.Normal * (k * stepMm)), stepMm))]);
    }

    public VolumeGeometry Geometry { get; }

    /// <summary>HU of one slice of the grid, linear in all directions; air where the stack has nothing.</summary>
    public void Interpolate(CtVolume image, int slice, Span<short> target)
    {
        var (below, weight) = Between(slice);
        for (var row = 0; row < Geometry.Rows; row++)
        {
            for (var column = 0; column < Geometry.Columns; column++)
            {
                var hu = InPlane(image, below, column, row);
                if (weight > 0)
                {
                    hu += weight * (InPlane(image, below + 1, column, row) - hu);
                }

                target[(row * Geometry.Columns) + column] = (short)Math.Round(hu);
            }
        }
    }

    /// <summary>Labels of one slice of the grid, each of the nearest voxel; none where the stack has nothing.</summary>
    public void TakeNearest(LabelVolume mask, int slice, Span<byte> target)
    {
        var (below, weight) = Between(slice);
        var nearest = weight > 0.5 ? below + 1 : below;
        var shiftColumns = (int)Math.Round(_firstColumn - _offsets[nearest].Column);
        var shiftRows = (int)Math.Round(_firstRow - _offsets[nearest].Row);
        var labels = mask.Labels.AsSpan(nearest * _source.Rows * _source.Columns, _source.Rows * _source.Columns);
        target.Clear();
        for (var row = Math.Max(0, -shiftRows); row < Geometry.Rows && row + shiftRows < _source.Rows; row++)
        {
            for (var column = Math.Max(0, -shiftColumns); column < Geometry.Columns && column + shiftColumns < _source.Columns; column++)
            {
                target[(row * Geometry.Columns) + column] = labels[((row + shiftRows) * _source.Columns) + column + shiftColumns];
            }
        }
    }

    private static (int First, int More) Reach(IEnumerable<double> offsets)
    {
        // A hundredth of a pixel is the rounding of decimal strings.
        var first = (int)Math.Floor(offsets.Min() + 0.01);
        return (first, (int)Math.Ceiling(offsets.Max() - 0.01) - first);
    }

    private static (int Count, double StepMm) Steps(VolumeGeometry source)
    {
        if (!new NiftiGeometry(source).IsUneven)
        {
            return (source.SliceCount, source.MeanSliceSpacingMm);
        }

        var gaps = Enumerable.Range(0, source.SliceCount - 1).Select(source.GapAfterMm).Order().ToArray();
        var lengthMm = gaps.Sum();
        var count = Math.Min((int)Math.Ceiling(lengthMm / gaps[(int)(ClosestShare * gaps.Length)]), MostSlices * gaps.Length);
        return (count + 1, lengthMm / count);
    }

    /// <summary>The source slice at or below a slice of the grid, and how far it is towards the next one.</summary>
    private (int Below, double Weight) Between(int slice)
    {
        var position = Geometry.PositionAlongNormalMm(slice);
        var below = 0;
        while (below < _source.SliceCount - 2 && _source.PositionAlongNormalMm(below + 1) <= position)
        {
            below++;
        }

        if (_source.SliceCount == 1)
        {
            return (0, 0);
        }

        // Rounding of positions is no reason to mix two slices.
        var weight = Math.Round((position - _source.PositionAlongNormalMm(below)) / _source.GapAfterMm(below), 3);
        return weight >= 1 ? (below + 1, 0) : (below, Math.Max(0, weight));
    }

    private double InPlane(CtVolume image, int slice, int column, int row)
    {
        var x = column + _firstColumn - _offsets[slice].Column;
        var y = row + _firstRow - _offsets[slice].Row;
        var (left, top) = ((int)Math.Floor(x), (int)Math.Floor(y));
        var (dx, dy) = (x - left, y - top);
        var hu = image.Slice(slice);
        var upper = Hu(hu, left, top) + (dx * (Hu(hu, left + 1, top) - Hu(hu, left, top)));
        var lower = Hu(hu, left, top + 1) + (dx * (Hu(hu, left + 1, top + 1) - Hu(hu, left, top + 1)));
        return upper + (dy * (lower - upper));
    }

    private double Hu(ReadOnlySpan<short> slice, int column, int row) =>
        (uint)column < (uint)_source.Columns && (uint)row < (uint)_source.Rows ? slice[(row * _source.Columns) + column] : HounsfieldTable.AirHu;
}
