namespace HemoApi.Training.Backgrounds;

/// <summary>Filters over levels × rows × columns.</summary>
internal static class FieldFilters
{
    /// <summary>Mean over 5 × 5 pixels of three levels.</summary>
    public static float[] Smooth(float[] values, int levels, int rows, int columns)
    {
        var along = Pass(values, columns, 1, 2, i => i % columns);
        var down = Pass(along, rows, columns, 2, i => i / columns % rows);
        return Pass(down, levels, rows * columns, 1, i => i / (rows * columns));
    }

    private static float[] Pass(float[] values, int count, int stride, int reach, Func<int, int> position)
    {
        var result = new float[values.Length];
        Parallel.For(0, values.Length, i =>
        {
            var p = position(i);
            var (from, to) = (Math.Max(-reach, -p), Math.Min(reach, count - 1 - p));
            var sum = 0f;
            for (var k = from; k <= to; k++)
            {
                sum += values[i + (k * stride)];
            }

            result[i] = sum / (to - from + 1);
        });
        return result;
    }
}
