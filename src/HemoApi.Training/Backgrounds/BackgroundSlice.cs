namespace HemoApi.Training.Backgrounds;

/// <summary>One axial slice of a head without hemorrhage, rows to posterior, columns to the patient's left, square pixels.</summary>
/// <param name="Hu">Rows × columns.</param>
/// <param name="DepthMm">Distance to the edge of the cranial cavity inside of it, 0 elsewhere.</param>
/// <param name="OutsideMm">Distance to the skull outside of it, 0 elsewhere.</param>
internal sealed record BackgroundSlice(float[] Hu, float[] DepthMm, float[] OutsideMm, int Rows, int Columns, double SpacingMm)
{
    private const float AirHu = -1000;
    private const float FarMm = 99;

    /// <summary>Found once: every sample of the slice asks for it.</summary>
    public CavityExtent Cavity { get; } = CavityExtent.Of(DepthMm, Columns);

    /// <summary>Linear interpolation; air and far away outside of the image.</summary>
    public (float Hu, float DepthMm, float OutsideMm) At(double row, double column)
    {
        var (r, c) = ((int)Math.Floor(row), (int)Math.Floor(column));
        if (r < 0 || c < 0 || r >= Rows - 1 || c >= Columns - 1)
        {
            return (AirHu, 0, FarMm);
        }

        var (v, u) = ((float)(row - r), (float)(column - c));
        var at = (r * Columns) + c;
        return (Mix(Hu), Mix(DepthMm), Mix(OutsideMm));

        float Mix(float[] values)
        {
            var top = values[at] + ((values[at + 1] - values[at]) * u);
            var bottom = values[at + Columns] + ((values[at + Columns + 1] - values[at + Columns]) * u);
            return top + ((bottom - top) * v);
        }
    }
}

/// <summary>The middle of a slice's cavity, and how far it reaches from there to posterior and to the left; pixels.</summary>
internal sealed record CavityExtent(double MiddleRow, double MiddleColumn, double ReachRows, double ReachColumns)
{
    public static CavityExtent Of(float[] depthMm, int columns)
    {
        int[] inside = [.. Enumerable.Range(0, depthMm.Length).Where(i => depthMm[i] > 0)];
        var (row, column) = (inside.Average(i => i / columns), inside.Average(i => i % columns));
        return new(row, column, inside.Max(i => i / columns) - row, inside.Max(i => i % columns) - column);
    }
}
