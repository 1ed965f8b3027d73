using System.Numerics.Tensors;

namespace HemoApi.Imaging.Quantification;

/// <summary>A lesion's block smoothed by a triangle of 2 × radius pixels in the plane and by 1-2-1 across slices. Slices are made when they
/// are asked for, in ascending order, and only a few are kept.</summary>
internal sealed class SmoothedSlices(VoxelBlock block, int radius)
{
    private const int Kept = 8;
    private readonly (int Slice, float[] Values)[] _inPlane = NewRing(block);
    private readonly (int Slice, float[] Values)[] _smooth = NewRing(block);

    public int Columns => block.Columns;

    /// <summary>Rows × columns of one slice of the block.</summary>
    public float[] this[int slice]
    {
        get
        {
            ref var kept = ref _smooth[slice % Kept];
            if (kept.Slice == slice)
            {
                return kept.Values;
            }

            kept.Slice = slice;
            InPlane(slice).CopyTo(kept.Values, 0);
            TensorPrimitives.Multiply(kept.Values, 2, kept.Values);
            foreach (var neighbour in (int[])[slice - 1, slice + 1])
            {
                if (neighbour >= 0 && neighbour < block.Slices)
                {
                    TensorPrimitives.Add(kept.Values, InPlane(neighbour), kept.Values);
                }
            }

            return kept.Values;
        }
    }

    private static (int, float[])[] NewRing(VoxelBlock block) =>
        [.. Enumerable.Range(0, Kept).Select(_ => (-1, new float[block.Columns * block.Rows]))];

    private float[] InPlane(int slice)
    {
        ref var kept = ref _inPlane[slice % Kept];
        if (kept.Slice != slice)
        {
            kept.Slice = slice;
            var size = kept.Values.Length;
            TensorPrimitives.ConvertTruncating<byte, float>(block.Voxels.AsSpan(slice * size, size), kept.Values);
            var line = new float[Math.Max(block.Columns, block.Rows)];
            for (var pass = 0; pass < 2; pass++)
            {
                AverageRows(kept.Values, line);
                AverageColumns(kept.Values);
            }
        }

        return kept.Values;
    }

    /// <summary>Running sums: the time does not grow with the radius.</summary>
    private void AverageRows(float[] values, float[] line)
    {
        for (var row = 0; row < block.Rows; row++)
        {
            var target = values.AsSpan(row * Columns, Columns);
            if (!target.ContainsAnyExcept(0f))
            {
                continue;
            }

            target.CopyTo(line);
            var sum = 0f;
            for (var column = -radius; column < Columns; column++)
            {
                sum += column + radius < Columns ? line[column + radius] : 0;
                sum -= column - radius - 1 >= 0 ? line[column - radius - 1] : 0;
                if (column >= 0)
                {
                    target[column] = sum;
                }
            }
        }
    }

    private void AverageColumns(float[] values)
    {
        var source = (float[])values.Clone();
        var sum = new float[Columns];
        for (var row = -radius; row < block.Rows; row++)
        {
            if (row + radius < block.Rows)
            {
                TensorPrimitives.Add(sum, source.AsSpan((row + radius) * Columns, Columns), sum);
            }

            if (row - radius - 1 >= 0)
            {
                TensorPrimitives.Subtract(sum, source.AsSpan((row - radius - 1) * Columns, Columns), sum);
            }

            if (row >= 0)
            {
                sum.CopyTo(values.AsSpan(row * Columns, Columns));
            }
        }
    }
}
