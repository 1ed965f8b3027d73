using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Quantification;

/// <summary>B of ABC/2: the longest line of a section at right angles to its longest diameter.</summary>
/// <remarks>Along a flat outline that follows the rows of pixels every line is rounded alike, by up to a pixel at each end. Squared
/// lengths of an ellipse's parallel lines are a parabola, so where one fits them to within rounding, its vertex is the length.</remarks>
internal static class PerpendicularDiameter
{
    /// <summary>A pixel belongs to the lesion where its centre does; rounding at both ends is this share of a pixel (RMS, √2 · √(1/12)),
    /// and the fit may miss the lines by half as much again.</summary>
    private const double RoundingOfLine = 0.41 * 1.5;

    /// <summary>Pixels are cut in that many parts along each axis before they are sorted into lines.</summary>
    private const int Parts = 3;

    /// <param name="along">Unit direction of the longest diameter in the plane (columns, rows).</param>
    /// <param name="outlineBeyondCentre">See <see cref="Abc2Estimate"/>.</param>
    /// <returns>mm.</returns>
    public static double LengthMm(LabelRun[] runs, VolumeGeometry geometry, (double X, double Y) along, double diameterMm, double outlineBeyondCentre)
    {
        var lines = new Dictionary<int, Line>();
        var widthMm = Math.Max(geometry.ColumnSpacingMm, geometry.RowSpacingMm);
        foreach (var run in runs)
        {
            for (var column = run.Start; column < run.End; column++)
            {
                Add(lines, geometry, along, widthMm, column, run.Row);
            }
        }

        // The size of a pixel across.
        var pixelMm = (Math.Abs(along.X) * geometry.RowSpacingMm) + (Math.Abs(along.Y) * geometry.ColumnSpacingMm);
        var (at, longest) = lines.Select(line => (line.Key, line.Value.High - line.Value.Low)).MaxBy(line => line.Item2);
        var reach = Math.Max(1, (int)(diameterMm / 4 / widthMm));
        var lengths = Enumerable.Range(at - reach, (2 * reach) + 1)
            .Select(line => (Offset: (double)(line - at) / reach, LengthMm: (lines.GetValueOrDefault(line)?.AreaMm2 ?? 0) / widthMm)).ToArray();
        return VertexMm(lengths, RoundingOfLine * pixelMm) ?? (longest + (2 * outlineBeyondCentre * pixelMm));
    }

    private static void Add(Dictionary<int, Line> lines, VolumeGeometry geometry, (double X, double Y) along, double widthMm, int column, int row)
    {
        var (x, y) = (column * geometry.ColumnSpacingMm, row * geometry.RowSpacingMm);
        var across = (y * along.X) - (x * along.Y);
        LineAt(x, y).Stretch(across);
        for (var part = 0; part < Parts * Parts; part++)
        {
            var dx = (((part % Parts) + 0.5) / Parts) - 0.5;
            var dy = (((part / Parts) + 0.5) / Parts) - 0.5;
            LineAt(x + (dx * geometry.ColumnSpacingMm), y + (dy * geometry.RowSpacingMm)).AreaMm2 += geometry.PixelAreaMm2 / (Parts * Parts);
        }

        Line LineAt(double atX, double atY)
        {
            var index = (int)Math.Floor(((atX * along.X) + (atY * along.Y)) / widthMm);
            return lines.TryGetValue(index, out var line) ? line : lines[index] = new Line();
        }
    }

    /// <summary>Fits squared length = p + q·t + r·t² by least squares.</summary>
    /// <returns>Length at the vertex; null where the lines are no section of an ellipse, or too few to tell.</returns>
    private static double? VertexMm((double Offset, double LengthMm)[] lines, double toleranceMm)
    {
        // Offsets lie evenly around 0, so the odd moments vanish and the normal equations fall apart.
        var (n, s2, s4) = (lines.Length, lines.Sum(l => l.Offset * l.Offset), lines.Sum(l => Math.Pow(l.Offset, 4)));
        var (y, ty, tty) = (0.0, 0.0, 0.0);
        foreach (var (offset, length) in lines)
        {
            var square = length * length;
            (y, ty, tty) = (y + square, ty + (offset * square), tty + (offset * offset * square));
        }

        var r = ((n * tty) - (s2 * y)) / ((n * s4) - (s2 * s2));
        var (p, q) = ((y - (r * s2)) / n, ty / s2);
        var vertex = -q / (2 * r);
        if (n < 7 || !(r < 0) || Math.Abs(vertex) > 1)
        {
            return null;
        }

        var missed = lines.Average(l => Math.Pow(Math.Sqrt(Math.Max(0, p + (q * l.Offset) + (r * l.Offset * l.Offset))) - l.LengthMm, 2));
        return Math.Sqrt(missed) <= toleranceMm ? Math.Sqrt(p + (q * vertex / 2)) : null;
    }

    /// <summary>The part of a section in one strip along the longest diameter.</summary>
    private sealed class Line
    {
        public double Low { get; private set; } = double.PositiveInfinity;

        public double High { get; private set; } = double.NegativeInfinity;

        public double AreaMm2 { get; set; }

        public void Stretch(double across) => (Low, High) = (Math.Min(Low, across), Math.Max(High, across));
    }
}
