using System.Numerics.Tensors;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Preprocessing;

/// <summary>Canonical slices in cells of about 2 mm that are in (1) or out (0): enough to find a head, and quick.</summary>
internal sealed class CoarseGrid(CanonicalPlane plane, int slices)
{
    private const double CellMm = 2;

    /// <summary>Pixels a cell is high.</summary>
    public int RowStep { get; } = Math.Max(1, (int)(CellMm / plane.RowSpacingMm));

    /// <summary>Pixels a cell is wide.</summary>
    public int ColumnStep { get; } = Math.Max(1, (int)(CellMm / plane.ColumnSpacingMm));

    private int Rows => (plane.Rows + RowStep - 1) / RowStep;

    private int Columns => (plane.Columns + ColumnStep - 1) / ColumnStep;

    private int Lines => Rows * slices;

    /// <summary>Cells whose middle pixel has at least that many HU.</summary>
    public byte[] AtLeast(short hu, CtVolume image)
    {
        var cells = new byte[Lines * Columns];
        for (var line = 0; line < Lines; line++)
        {
            var slice = image.Slice(line / Rows);
            var start = plane.Offset + (Math.Min((line % Rows * RowStep) + (RowStep / 2), plane.Rows - 1) * plane.RowStride);
            for (var column = 0; column < Columns; column++)
            {
                var pixel = Math.Min((column * ColumnStep) + (ColumnStep / 2), plane.Columns - 1);
                cells[(line * Columns) + column] = slice[start + (pixel * plane.ColumnStride)] >= hu ? (byte)1 : (byte)0;
            }
        }

        return cells;
    }

    /// <summary>Cells all of whose neighbours in the slice, up to <paramref name="radius"/> away along both axes, are in.</summary>
    public byte[] Erode(byte[] cells, int radius) => Invert(Dilate(Invert(cells), radius));

    /// <summary>Cells with any neighbour in the slice, up to <paramref name="radius"/> away along both axes, that is in.</summary>
    public byte[] Dilate(byte[] cells, int radius)
    {
        var wide = new byte[cells.Length];
        for (var line = 0; line < Lines; line++)
        {
            SpreadLine(cells.AsSpan(line * Columns, Columns), wide.AsSpan(line * Columns, Columns), radius);
        }

        var dilated = new byte[cells.Length];
        for (var line = 0; line < Lines; line++)
        {
            var row = line % Rows;
            var target = dilated.AsSpan(line * Columns, Columns);
            for (var other = Math.Max(0, row - radius); other <= Math.Min(Rows - 1, row + radius); other++)
            {
                TensorPrimitives.BitwiseOr<byte>(target, wide.AsSpan((line - row + other) * Columns, Columns), target);
            }
        }

        return dilated;
    }

    /// <summary>Connected parts (26-neighbourhood) of at least that share of the largest part's cells.</summary>
    public byte[] LargeParts(byte[] cells, double smallestShare)
    {
        var parts = ConnectedComponents.Find(cells, Columns, Rows, slices);
        var sizes = parts.Select(part => part.ToArray().Sum(run => (long)run.Length)).ToList();
        var minimum = sizes.Count == 0 ? 0 : sizes.Max() * smallestShare;
        var kept = new byte[cells.Length];
        foreach (var part in parts.Where((_, index) => sizes[index] >= minimum))
        {
            foreach (var run in part.Span)
            {
                kept.AsSpan((((run.Slice * Rows) + run.Row) * Columns) + run.Start, run.Length).Fill(1);
            }
        }

        return kept;
    }

    /// <summary>Inclusive bounds of the cells that are in; null where none is.</summary>
    public (int MinSlice, int MaxSlice, int MinRow, int MaxRow, int MinColumn, int MaxColumn)? Bounds(byte[] cells)
    {
        var (minSlice, maxSlice, minRow, maxRow, minColumn, maxColumn) = (slices, -1, Rows, -1, Columns, -1);
        for (var line = 0; line < Lines; line++)
        {
            var row = cells.AsSpan(line * Columns, Columns);
            var first = row.IndexOf((byte)1);
            if (first < 0)
            {
                continue;
            }

            (minSlice, maxSlice) = (Math.Min(minSlice, line / Rows), line / Rows);
            (minRow, maxRow) = (Math.Min(minRow, line % Rows), Math.Max(maxRow, line % Rows));
            (minColumn, maxColumn) = (Math.Min(minColumn, first), Math.Max(maxColumn, row.LastIndexOf((byte)1)));
        }

        return maxSlice < 0 ? null : (minSlice, maxSlice, minRow, maxRow, minColumn, maxColumn);
    }

    private static void SpreadLine(ReadOnlySpan<byte> line, Span<byte> target, int radius)
    {
        line.CopyTo(target);
        for (var shift = 1; shift <= Math.Min(radius, line.Length - 1); shift++)
        {
            TensorPrimitives.BitwiseOr(target[shift..], line[..^shift], target[shift..]);
            TensorPrimitives.BitwiseOr(target[..^shift], line[shift..], target[..^shift]);
        }
    }

    private static byte[] Invert(byte[] cells)
    {
        var inverted = new byte[cells.Length];
        TensorPrimitives.Xor(cells, (byte)1, inverted);
        return inverted;
    }
}
