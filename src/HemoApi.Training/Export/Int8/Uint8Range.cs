namespace HemoApi.Training.Export.Int8;

/// <summary>How a tensor is stored in a byte: value = scale · (stored − zero point). 0 is always exact, as padding needs it.</summary>
internal readonly record struct Uint8Range(float Scale, byte ZeroPoint)
{
    private const int Levels = 255;

    /// <summary>Shares of the whole range that are tried; what lies outside is clipped.</summary>
    private static readonly double[] Shares = [1, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5, 0.45, 0.4];

    public static Uint8Range Of(double minimum, double maximum)
    {
        var (low, high) = (Math.Min(0, minimum), Math.Max(0, maximum));
        var scale = Math.Max((high - low) / Levels, 1e-8);
        return new((float)scale, (byte)Math.Clamp(Math.Round(-low / scale), 0, Levels));
    }

    /// <summary>The range of the least mean square error over samples.</summary>
    /// <param name="isRectified">Negative values count as 0: the range begins there, so that storing is the activation.</param>
    public static Uint8Range Fit(ReadOnlySpan<float> samples, float minimum, float maximum, bool isRectified)
    {
        var (best, least) = (Of(isRectified ? 0 : minimum, maximum), double.PositiveInfinity);
        foreach (var share in Shares)
        {
            var range = Of(isRectified ? 0 : minimum * share, maximum * share);
            var error = range.SquareError(samples, isRectified);
            (best, least) = error < least ? (range, error) : (best, least);
        }

        return best;
    }

    private double SquareError(ReadOnlySpan<float> samples, bool isRectified)
    {
        var sum = 0.0;
        foreach (var sample in samples)
        {
            var value = isRectified ? Math.Max(0, sample) : sample;
            var stored = Math.Clamp(MathF.Round(value / Scale) + ZeroPoint, 0, Levels);
            var error = value - (Scale * (stored - ZeroPoint));
            sum += error * error;
        }

        return sum;
    }
}
