using System.Runtime.InteropServices;

namespace HemoApi.Imaging.Masks;

/// <summary>Voxels of one label that are neighbours in one row: columns <paramref name="Start"/> to <paramref name="End"/> (exclusive).</summary>
public readonly record struct LabelRun(int Slice, int Row, int Start, int End, HemorrhageType Type)
{
    public int Length => End - Start;
}

/// <summary>One connected lesion of one type as the runs it is made of, in voxel order.</summary>
public sealed record ConnectedLesion(HemorrhageType Type, ReadOnlyMemory<LabelRun> Runs)
{
    /// <summary>Sum over voxels of area × the true extent of their slice, ml.</summary>
    public double VolumeMl(Volumes.VolumeGeometry geometry) => Sum(geometry.SliceExtentMm) * geometry.PixelAreaMm2 / 1000;

    /// <summary>Sum over voxels of area × SliceThickness, ml.</summary>
    public double VolumeByThicknessMl(Volumes.VolumeGeometry geometry) =>
        Sum(slice => geometry.Slices[slice].ThicknessMm) * geometry.PixelAreaMm2 / 1000;

    private double Sum(Func<int, double> lengthMm)
    {
        var total = 0.0;
        foreach (var run in Runs.Span)
        {
            total += run.Length * lengthMm(run.Slice);
        }

        return total;
    }
}

/// <summary>Connected components of a mask, each type apart, in the 26-neighbourhood. Runs instead of voxels are joined
/// (union-find), so memory grows with the lesions' outlines and not with the volume.</summary>
public static class ConnectedLesions
{
    /// <returns>In the order of each lesion's first voxel.</returns>
    public static IReadOnlyList<ConnectedLesion> Find(LabelVolume mask)
    {
        var (runs, rowStarts) = CollectRuns(mask);
        var parents = new int[runs.Length];
        for (var i = 0; i < parents.Length; i++)
        {
            parents[i] = i;
        }

        var rows = mask.Geometry.Rows;
        for (var slice = 0; slice < mask.Geometry.SliceCount; slice++)
        {
            for (var row = 0; row < rows; row++)
            {
                var current = (slice * rows) + row;
                if (rowStarts[current] == rowStarts[current + 1])
                {
                    continue;
                }

                if (row > 0)
                {
                    JoinTouching(runs, rowStarts, current, current - 1, parents);
                }

                for (var r = Math.Max(0, row - 1); slice > 0 && r <= Math.Min(rows - 1, row + 1); r++)
                {
                    JoinTouching(runs, rowStarts, current, ((slice - 1) * rows) + r, parents);
                }
            }
        }

        return GroupByRoot(runs, parents);
    }

    /// <returns>All runs in voxel order, and where each row (slice × Rows + row) starts among them.</returns>
    private static (LabelRun[] Runs, int[] RowStarts) CollectRuns(LabelVolume mask)
    {
        var (columns, rows, slices) = (mask.Geometry.Columns, mask.Geometry.Rows, mask.Geometry.SliceCount);
        var runs = new List<LabelRun>();
        var rowStarts = new int[(slices * rows) + 1];
        for (var line = 0; line < slices * rows; line++)
        {
            rowStarts[line] = runs.Count;
            var labels = mask.Labels.AsSpan(line * columns, columns);
            for (var start = labels.IndexOfAnyExcept((byte)0); start >= 0;)
            {
                var length = labels[start..].IndexOfAnyExcept(labels[start]);
                var end = length < 0 ? columns : start + length;
                runs.Add(new LabelRun(line / rows, line % rows, start, end, (HemorrhageType)labels[start]));
                var next = labels[end..].IndexOfAnyExcept((byte)0);
                start = next < 0 ? -1 : end + next;
            }
        }

        rowStarts[^1] = runs.Count;
        return ([.. runs], rowStarts);
    }

    private static void JoinTouching(LabelRun[] runs, int[] rowStarts, int row, int neighbour, int[] parents)
    {
        var first = rowStarts[neighbour];
        for (var i = rowStarts[row]; i < rowStarts[row + 1]; i++)
        {
            while (first < rowStarts[neighbour + 1] && runs[first].End < runs[i].Start)
            {
                first++;
            }

            // Ends are exclusive, so touching corner to corner is equality.
            for (var j = first; j < rowStarts[neighbour + 1] && runs[j].Start <= runs[i].End; j++)
            {
                if (runs[i].Type == runs[j].Type)
                {
                    Join(parents, i, j);
                }
            }
        }
    }

    private static void Join(int[] parents, int a, int b)
    {
        var (rootA, rootB) = (Root(parents, a), Root(parents, b));
        parents[Math.Max(rootA, rootB)] = Math.Min(rootA, rootB);
    }

    private static int Root(int[] parents, int i)
    {
        while (parents[i] != i)
        {
            parents[i] = parents[parents[i]];
            i = parents[i];
        }

        return i;
    }

    private static List<ConnectedLesion> GroupByRoot(LabelRun[] runs, int[] parents)
    {
        var counts = new Dictionary<int, int>();
        for (var i = 0; i < runs.Length; i++)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(counts, Root(parents, i), out _)++;
        }

        var grouped = new LabelRun[runs.Length];
        var next = new Dictionary<int, int>(counts.Count);
        var lesions = new List<ConnectedLesion>(counts.Count);
        var start = 0;
        foreach (var (root, count) in counts.OrderBy(entry => entry.Key))
        {
            next[root] = start;
            lesions.Add(new ConnectedLesion(runs[root].Type, grouped.AsMemory(start, count)));
            start += count;
        }

        for (var i = 0; i < runs.Length; i++)
        {
            grouped[CollectionsMarshal.GetValueRefOrNullRef(next, Root(parents, i))++] = runs[i];
        }

        return lesions;
    }
}
