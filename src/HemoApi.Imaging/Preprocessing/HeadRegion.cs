using System.Numerics.Tensors;
using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Preprocessing;

/// <summary>What the network has to see of a volume: a range of slices and one box of its frame.</summary>
public readonly record struct HeadRegion(int FirstSlice, int SliceCount, FrameBox Box)
{
    private const short TissueHu = -300;

    /// <summary>Sheets thinner than twice this and a cell (table, head holder) do not count as head.</summary>
    private const int OpeningCells = 2;

    /// <summary>Separate parts smaller than this share of the largest are not head; a box too large costs time, one too small lesions.</summary>
    private const double SmallestShare = 0.05;

    private const double MarginMm = 10;

    /// <summary>All slices, the whole frame.</summary>
    public static HeadRegion Whole(CtVolume image, NetworkFrame frame) => new(0, image.Geometry.SliceCount, frame.Whole);

    /// <summary>The slices and the smallest box that hold the head, with a margin; null where there is no tissue at all.</summary>
    public static HeadRegion? Find(CtVolume image, NetworkFrame frame)
    {
        var grid = new CoarseGrid(frame.Plane, image.Geometry.SliceCount);
        var tissue = grid.AtLeast(TissueHu, image);
        var core = grid.Erode(tissue, OpeningCells);
        var seeds = grid.LargeParts(core.AsSpan().Contains((byte)1) ? core : tissue, SmallestShare);
        // Back to the outline before the erosion, and no further along what it cut off.
        var head = grid.Dilate(seeds, OpeningCells + 1);
        TensorPrimitives.BitwiseAnd(head, tissue, head);
        if (grid.Bounds(head) is not { } bounds)
        {
            return null;
        }

        // One slice more at each end: the vertex can be thinner than what the erosion leaves.
        var first = Math.Max(0, bounds.MinSlice - 1);
        var last = Math.Min(image.Geometry.SliceCount - 1, bounds.MaxSlice + 1);
        var (top, height) = Range(frame.Rows, frame.Input, bounds.MinRow * grid.RowStep, (bounds.MaxRow + 1) * grid.RowStep);
        var (left, width) = Range(frame.Columns, frame.Input, bounds.MinColumn * grid.ColumnStep, (bounds.MaxColumn + 1) * grid.ColumnStep);
        return new HeadRegion(first, last - first + 1, new FrameBox(top, left, height, width));
    }

    /// <summary>Source pixels from <paramref name="from"/> up to <paramref name="to"/> with the margin, out to multiples within the frame.
    /// Multiples keep the network's down-sampling grids where they lie in the whole frame.</summary>
    private static (int Start, int Count) Range(FrameAxis axis, ModelInput input, int from, int to)
    {
        var margin = MarginMm / input.SpacingMm;
        var multiple = input.SizeMultiple;
        var start = Math.Max(0, (int)Math.Floor((axis.ToFrame(from) - margin) / multiple) * multiple);
        var end = Math.Min(axis.Count, (int)Math.Ceiling((axis.ToFrame(to) + margin) / multiple) * multiple);
        return (start, end - start);
    }
}
