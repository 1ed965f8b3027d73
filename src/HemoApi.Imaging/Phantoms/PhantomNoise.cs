namespace HemoApi.Imaging.Phantoms;

/// <summary>Noise with the texture of a reconstruction kernel, and slow variation of density.</summary>
internal sealed class PhantomNoise(ulong seed, ScannerSettings scanner)
{
    private const int TextureCellMm = 6;

    /// <summary>Gaussian noise of the scanner's standard deviation, HU.</summary>
    public void Fill(Span<float> target, int columns, int rows)
    {
        if (scanner.NoiseHu == 0)
        {
            target.Clear();
            return;
        }

        var random = new PhantomRandom(seed);
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = (float)random.Gaussian();
        }

        // Separable [w, 1, w] keeps the standard deviation after division by 1 + 2 w².
        var w = (float)(scanner.NoiseCorrelation * 0.8);
        var scale = (float)(scanner.NoiseHu / (1 + (2 * w * w)));
        Smooth(target, 1, columns, columns, rows, w);
        Smooth(target, columns, 1, rows, columns, w);
        for (var i = 0; i < target.Length; i++)
        {
            target[i] *= scale;
        }
    }

    /// <summary>Smooth random field, −1 to 1, interpolated between nodes 6 mm apart.</summary>
    public float[,] Texture(int columns, int rows, double spacingMm)
    {
        var field = new float[rows, columns];
        if (scanner.TextureHu == 0)
        {
            return field;
        }

        var random = new PhantomRandom(seed + 1);
        var cell = TextureCellMm / spacingMm;
        var nodes = new float[(int)(rows / cell) + 2, (int)(columns / cell) + 2];
        for (var i = 0; i < nodes.GetLength(0); i++)
        {
            for (var j = 0; j < nodes.GetLength(1); j++)
            {
                nodes[i, j] = (float)random.Uniform(-1, 1);
            }
        }

        for (var row = 0; row < rows; row++)
        {
            var (i, v) = Split(row / cell);
            for (var column = 0; column < columns; column++)
            {
                var (j, u) = Split(column / cell);
                var top = nodes[i, j] + ((nodes[i, j + 1] - nodes[i, j]) * u);
                var bottom = nodes[i + 1, j] + ((nodes[i + 1, j + 1] - nodes[i + 1, j]) * u);
                field[row, column] = top + ((bottom - top) * v);
            }
        }

        return field;

        static (int Index, float Weight) Split(double position)
        {
            var index = (int)position;
            return (index, (float)(position - index));
        }
    }

    private static void Smooth(Span<float> data, int step, int lineStep, int length, int lines, float w)
    {
        for (var line = 0; line < lines; line++)
        {
            var at = line * lineStep;
            var previous = 0f;
            for (var i = 0; i < length; i++, at += step)
            {
                var current = data[at];
                var next = i + 1 < length ? data[at + step] : 0;
                data[at] = current + (w * (previous + next));
                previous = current;
            }
        }
    }
}
