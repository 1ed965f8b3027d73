using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Postprocessing;

/// <summary>How sure the network is of a lesion, in its own voxels and at the same places some 5 mm above and below. The network sees one slice at
/// a time: blood goes on in the next, what was only taken for it mostly does not. On phantoms and painted heads this tells true lesions from
/// false ones better than the mean of the lesion's own voxels.</summary>
/// <remarks>Above and below are along the normal, whatever the gantry's tilt. At least the adjacent slice is taken, and at the ends of the stack
/// the one side that there is. A level counts as the middle of what it holds.</remarks>
public sealed class LesionSupport
{
    private const double DistanceMm = 5;
    private const double OwnShare = 2.0 / 3;

    /// <summary>So far crescents and lenses wander sideways from slice to slice.</summary>
    private const double WanderingMm = 3;

    /// <summary>Probabilities are smooth: every second pixel will do.</summary>
    private const int PixelStep = 2;

    private readonly ProbabilityLevels _levels;
    private readonly Neighbour[][] _neighbours;
    private readonly int _reach;

    public LesionSupport(ProbabilityLevels levels)
    {
        _levels = levels;
        var geometry = levels.Geometry;
        _reach = (int)Math.Round(WanderingMm / geometry.ColumnSpacingMm);
        _neighbours = [.. Enumerable.Range(0, geometry.SliceCount).Select(slice => new[] { Find(geometry, slice, -1), Find(geometry, slice, 1) }.OfType<Neighbour>().ToArray())];
    }

    /// <returns>Mean: of the probability of whichever type is likeliest, over the lesion's voxels, 0 to 1. WithNeighbours: two thirds of it and one third
    /// of the mean above and below; the mean itself in a stack of one slice.</returns>
    public (double Mean, double WithNeighbours) Of(ConnectedLesion lesion)
    {
        var (own, beside, voxels) = (0.0, 0.0, 0L);
        foreach (var run in lesion.Runs.Span)
        {
            var sum = Sum(run.Slice, run.Row, run.Start, run.Length);
            var neighbours = _neighbours[run.Slice];
            own += sum;
            beside += neighbours.Length == 0
                ? sum
                : neighbours.Sum(n => Sum(n.Slice, run.Row + n.Rows, run.Start + n.Columns, run.Length)) / neighbours.Length;
            voxels += run.Length;
        }

        return (own / voxels, ((OwnShare * own) + ((1 - OwnShare) * beside)) / voxels);
    }

    /// <summary>Whether blood goes on: the highest probability within 3 mm of the same places some 5 mm above and below, mean of the two and over the
    /// lesion's voxels, 0 to 1; 0 in a stack of one slice.</summary>
    public double GoingOn(ConnectedLesion lesion)
    {
        var (total, voxels) = (0.0, 0L);
        foreach (var run in lesion.Runs.Span)
        {
            var neighbours = _neighbours[run.Slice];
            voxels += run.Length;
            foreach (var n in neighbours)
            {
                var sum = 0;
                for (var column = run.Start; column < run.Start + run.Length; column++)
                {
                    sum += HighestAround(n.Slice, run.Row + n.Rows, column + n.Columns);
                }

                total += (double)sum / ProbabilityLevels.Certain / neighbours.Length;
            }
        }

        return total / voxels;
    }

    private byte HighestAround(int slice, int row, int column)
    {
        var geometry = _levels.Geometry;
        var highest = (byte)0;
        for (var r = row - _reach; r <= row + _reach; r += PixelStep)
        {
            for (var c = column - _reach; c <= column + _reach; c += PixelStep)
            {
                if (r >= 0 && r < geometry.Rows && c >= 0 && c < geometry.Columns)
                {
                    highest = Math.Max(highest, _levels.Levels[(((slice * geometry.Rows) + r) * geometry.Columns) + c]);
                }
            }
        }

        return highest;
    }

    /// <summary>The part of a run that lies outside of the slice adds nothing.</summary>
    private double Sum(int slice, int row, int start, int length)
    {
        var geometry = _levels.Geometry;
        var (first, end) = (Math.Max(0, start), Math.Min(geometry.Columns, start + length));
        if (row < 0 || row >= geometry.Rows || first >= end)
        {
            return 0;
        }

        var sum = 0.0;
        foreach (var level in _levels.Levels.AsSpan((((slice * geometry.Rows) + row) * geometry.Columns) + first, end - first))
        {
            sum += ProbabilityLevels.Probability(level);
        }

        return sum;
    }

    private static Neighbour? Find(VolumeGeometry geometry, int slice, int step)
    {
        var best = slice + step;
        if (best < 0 || best >= geometry.SliceCount)
        {
            return null;
        }

        double Off(int other) => Math.Abs(Math.Abs(geometry.PositionAlongNormalMm(other) - geometry.PositionAlongNormalMm(slice)) - DistanceMm);
        while (best + step >= 0 && best + step < geometry.SliceCount && Off(best + step) < Off(best))
        {
            best += step;
        }

        var shift = geometry.Slices[slice].OriginLpsMm - geometry.Slices[best].OriginLpsMm;
        return new(
            best,
            (int)Math.Round(shift.Dot(geometry.ColumnDirection) / geometry.RowSpacingMm),
            (int)Math.Round(shift.Dot(geometry.RowDirection) / geometry.ColumnSpacingMm));
    }

    /// <param name="Rows">To add to a row for the same place in the neighbour.</param>
    /// <param name="Columns">To add to a column for the same place in the neighbour.</param>
    private sealed record Neighbour(int Slice, int Rows, int Columns);
}
