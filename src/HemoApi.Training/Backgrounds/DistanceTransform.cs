namespace HemoApi.Training.Backgrounds;

/// <summary>Exact Euclidean distance by the lower envelope of parabolas (Felzenszwalb and Huttenlocher 2012, "Distance
/// transforms of sampled functions").</summary>
internal static class DistanceTransform
{
    private const double Far = 1e12;

    /// <param name="inside">rows × columns.</param>
    /// <returns>Pixels to the nearest pixel that is not inside; 0 on those. Very large where every pixel is inside.</returns>
    public static float[] ToOutside(bool[] inside, int rows, int columns)
    {
        var squared = new double[inside.Length];
        for (var i = 0; i < inside.Length; i++)
        {
            squared[i] = inside[i] ? Far : 0;
        }

        var line = new double[Math.Max(rows, columns)];
        for (var column = 0; column < columns; column++)
        {
            Transform(squared, column, columns, rows, line);
        }

        for (var row = 0; row < rows; row++)
        {
            Transform(squared, row * columns, 1, columns, line);
        }

        return [.. squared.Select(s => (float)Math.Sqrt(s))];
    }

    /// <param name="inside">levels × rows × columns.</param>
    /// <returns>Millimetres to the nearest voxel that is not inside; 0 on those.</returns>
    public static float[] ToOutsideMm(bool[] inside, int levels, int rows, int columns, double planeMm, double levelMm)
    {
        var squared = new double[inside.Length];
        Parallel.For(0, inside.Length, i => squared[i] = inside[i] ? Far : 0);
        var area = rows * columns;
        Parallel.For(0, levels, level =>
        {
            var line = new double[Math.Max(rows, columns)];
            for (var column = 0; column < columns; column++)
            {
                Transform(squared, (level * area) + column, columns, rows, line);
            }

            for (var row = 0; row < rows; row++)
            {
                Transform(squared, (level * area) + (row * columns), 1, columns, line);
            }
        });

        // From pixels of the plane to steps between levels, so that the last pass has a unit of its own.
        var steps = planeMm * planeMm / (levelMm * levelMm);
        Parallel.For(0, rows, row =>
        {
            var line = new double[levels];
            for (var column = 0; column < columns; column++)
            {
                var start = (row * columns) + column;
                for (var level = 0; level < levels; level++)
                {
                    squared[start + (level * area)] *= steps;
                }

                Transform(squared, start, area, levels, line);
            }
        });
        return Array.ConvertAll(squared, s => (float)(Math.Sqrt(s) * levelMm));
    }

    public static bool[] Dilate(bool[] mask, int rows, int columns, double radius)
    {
        var distance = ToOutside([.. mask.Select(m => !m)], rows, columns);
        return [.. distance.Select(d => d <= radius)];
    }

    public static bool[] Erode(bool[] mask, int rows, int columns, double radius)
    {
        var distance = ToOutside(mask, rows, columns);
        return [.. distance.Select(d => d > radius)];
    }

    private static void Transform(double[] values, int start, int stride, int count, double[] line)
    {
        var vertices = new int[count];
        var bounds = new double[count + 1];
        for (var i = 0; i < count; i++)
        {
            line[i] = values[start + (i * stride)];
        }

        var last = 0;
        bounds[0] = double.NegativeInfinity;
        bounds[1] = double.PositiveInfinity;
        for (var q = 1; q < count; q++)
        {
            var crossing = Crossing(q, vertices[last]);
            while (crossing <= bounds[last])
            {
                crossing = Crossing(q, vertices[--last]);
            }

            vertices[++last] = q;
            bounds[last] = crossing;
            bounds[last + 1] = double.PositiveInfinity;
        }

        for (int q = 0, k = 0; q < count; q++)
        {
            while (bounds[k + 1] < q)
            {
                k++;
            }

            var d = q - vertices[k];
            values[start + (q * stride)] = ((double)d * d) + line[vertices[k]];
        }

        double Crossing(int q, int v) => (line[q] + ((double)q * q) - line[v] - ((double)v * v)) / (2.0 * (q - v));
    }
}
