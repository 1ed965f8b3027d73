namespace HemoApi.Training.Backgrounds;

/// <summary>Holes and connected parts of a mask in the plane, neighbours by edges.</summary>
internal static class PixelRegions
{
    /// <summary>The mask with everything that can't be reached from the border of the image.</summary>
    public static bool[] FillHoles(bool[] mask, int rows, int columns)
    {
        var outside = new bool[mask.Length];
        var queue = new Stack<int>();
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                if (row == 0 || column == 0 || row == rows - 1 || column == columns - 1)
                {
                    Push((row * columns) + column);
                }
            }
        }

        Flood(queue, rows, columns, Push);
        return [.. outside.Select(o => !o)];

        void Push(int pixel)
        {
            if (!mask[pixel] && !outside[pixel])
            {
                outside[pixel] = true;
                queue.Push(pixel);
            }
        }
    }

    /// <summary>The part with the most pixels; empty where the mask is.</summary>
    public static bool[] Largest(bool[] mask, int rows, int columns)
    {
        var seen = new bool[mask.Length];
        List<int> largest = [];
        var queue = new Stack<int>();
        List<int> part = [];
        for (var start = 0; start < mask.Length; start++)
        {
            part = [];
            Push(start);
            Flood(queue, rows, columns, Push);
            largest = part.Count > largest.Count ? part : largest;
        }

        var result = new bool[mask.Length];
        foreach (var pixel in largest)
        {
            result[pixel] = true;
        }

        return result;

        void Push(int pixel)
        {
            if (mask[pixel] && !seen[pixel])
            {
                seen[pixel] = true;
                part.Add(pixel);
                queue.Push(pixel);
            }
        }
    }

    private static void Flood(Stack<int> queue, int rows, int columns, Action<int> push)
    {
        while (queue.TryPop(out var pixel))
        {
            var (row, column) = Math.DivRem(pixel, columns);
            if (row > 0)
            {
                push(pixel - columns);
            }

            if (row < rows - 1)
            {
                push(pixel + columns);
            }

            if (column > 0)
            {
                push(pixel - 1);
            }

            if (column < columns - 1)
            {
                push(pixel + 1);
            }
        }
    }
}
