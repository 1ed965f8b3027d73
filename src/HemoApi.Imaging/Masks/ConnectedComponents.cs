using System.Runtime.InteropServices;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Masks;

/// <summary>Voxels of one label that are neighbours in one row: columns <paramref name="Start"/> to <paramref name="End"/> (exclusive).</summary>
public readonly record struct LabelRun(int Slice, int Row, int Start, int End, byte Label)
{
    public int Length => End - Start;

    /// <summary>Index of the run's first voxel in the voxel order of <see cref="VolumeGeometry"/>; the others follow it.</summary>
    public int FirstVoxel(VolumeGeometry geometry) => (((Slice * geometry.Rows) + Row) * geometry.Columns) + Start;
}

/// <summary>Connected components of a labelled volume, each label apart, in the 26-neighbourhood. Runs instead of voxels are
/// joined (union-find), so memory grows with the outlines and not with the volume.</summary>
internal static class ConnectedComponents
{
    /// <param name="labels">In the voxel order of <see cref="VolumeGeometry"/>; 0 is background.</param>
    /// <returns>The runs of each component in voxel order; components in the order of their first voxel.</returns>
    public static IReadOnlyList<ReadOnlyMemory<LabelRun>> Find(ReadOnlySpan<byte> labels, int columns, int rows, int slices)
    {
        var (runs, rowStarts) = CollectRuns(labels, columns, rows * slices, rows);
        var parents = new int[runs.Length];
        for (var i = 0; i < parents.Length; i++)
        {
            parents[i] = i;
        }

        for (var slice = 0; slice < slices; slice++)
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
    private static (LabelRun[] Runs, int[] RowStarts) CollectRuns(ReadOnlySpan<byte> volume, int columns, int lines, int rows)
    {
        var runs = new List<LabelRun>();
        var rowStarts = new int[lines + 1];
        for (var line = 0; line < lines; line++)
        {
            rowStarts[line] = runs.Count;
            var labels = volume.Slice(line * columns, columns);
            for (var start = labels.IndexOfAnyExcept((byte)0); start >= 0;)
            {
                var length = labels[start..].IndexOfAnyExcept(labels[start]);
                var end = length < 0 ? columns : start + length;
                runs.Add(new LabelRun(line / rows, line % rows, start, end, labels[start]));
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
                if (runs[i].Label == runs[j].Label)
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

    private static List<ReadOnlyMemory<LabelRun>> GroupByRoot(LabelRun[] runs, int[] parents)
    {
        var counts = new Dictionary<int, int>();
        for (var i = 0; i < runs.Length; i++)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(counts, Root(parents, i), out _)++;
        }

        var grouped = new LabelRun[runs.Length];
        var next = new Dictionary<int, int>(counts.Count);
        var components = new List<ReadOnlyMemory<LabelRun>>(counts.Count);
        var start = 0;
        foreach (var (root, count) in counts.OrderBy(entry => entry.Key))
        {
            next[root] = start;
            components.Add(grouped.AsMemory(start, count));
            start += count;
        }

        for (var i = 0; i < runs.Length; i++)
        {
            grouped[CollectionsMarshal.GetValueRefOrNullRef(next, Root(parents, i))++] = runs[i];
        }

        return components;
    }
}
