using HemoApi.Imaging.Phantoms;

namespace HemoApi.Training.Backgrounds;

/// <summary>How far inside a shape each pixel of a crop lies, mm; negative outside. Lens and crescent follow the real inner table by the depth
/// below it.</summary>
internal static class LesionShapes
{
    /// <summary>An irregular blob: a circle whose radius varies with the angle, its edge roughened.</summary>
    public static float[] Blob(PhantomRandom random, BackgroundCrop crop, int centre, double radiusMm, double roughness)
    {
        var (sin, cos) = Math.SinCos(random.Uniform(0, Math.PI));
        var flatness = random.Uniform(0.6, 1);
        var waves = Enumerable.Range(2, 5).Select(k => (K: k, Amplitude: roughness * random.Gaussian() * 0.22 / k, Phase: random.Uniform(0, 2 * Math.PI))).ToArray();
        var edge = new SmoothField(random, crop.Size, Math.Clamp(radiusMm * random.Uniform(0.3, 0.8), 2, 12) / crop.SpacingMm);
        return Evaluate(crop, i =>
        {
            var x = ((i % crop.Size) - (centre % crop.Size)) * crop.SpacingMm;
            var y = ((i / crop.Size) - (centre / crop.Size)) * crop.SpacingMm;
            var (u, v) = ((x * cos) + (y * sin), ((y * cos) - (x * sin)) / flatness);
            var distance = Math.Sqrt((u * u) + (v * v));
            if (distance > radiusMm * 2.5)
            {
                return radiusMm - distance;
            }

            var angle = Math.Atan2(v, u);
            var radius = radiusMm * (1 + waves.Sum(w => w.Amplitude * Math.Cos((w.K * angle) + w.Phase)));
            return radius - distance + (edge[i / crop.Size, i % crop.Size] * 0.1 * roughness * radiusMm);
        });
    }

    /// <summary>An extradural lens: thickest in its middle, held where it ends.</summary>
    /// <param name="anchor">A pixel just inside the inner table.</param>
    public static float[] Lens(PhantomRandom random, BackgroundCrop crop, int anchor, double thicknessMm, double halfLengthMm)
    {
        var (left, posterior) = crop.FromMiddleMm(anchor);
        var length = Math.Sqrt((left * left) + (posterior * posterior)) + 1e-6;
        var (inX, inY) = (-left / length, -posterior / length);
        var edge = new SmoothField(random, crop.Size, 9 / crop.SpacingMm);
        return Evaluate(crop, i =>
        {
            var (x, y) = crop.FromMiddleMm(i);
            var (dx, dy) = (x - left, y - posterior);
            var inwards = (dx * inX) + (dy * inY);
            var along = (dy * inX) - (dx * inY);
            var share = along / halfLengthMm;
            var height = thicknessMm * (1 - Math.Min(share * share, 4));
            return Math.Min(height - crop.DepthMm[i] + (edge[i / crop.Size, i % crop.Size] * 0.35), (thicknessMm * 1.2) + 8 - inwards);
        });
    }

    /// <summary>A subdural crescent over the convexity.</summary>
    /// <param name="halfAngle">Radians, seen from the middle of the cavity.</param>
    public static float[] Crescent(PhantomRandom random, BackgroundCrop crop, int anchor, double thicknessMm, double halfAngle)
    {
        var (left, posterior) = crop.FromMiddleMm(anchor);
        var middle = Math.Atan2(posterior, left);
        var taper = random.Uniform(0.4, 1.2);
        var (ripple, phase) = (random.Uniform(2, 7), random.Uniform(0, 2 * Math.PI));
        var edge = new SmoothField(random, crop.Size, 9 / crop.SpacingMm);
        return Evaluate(crop, i =>
        {
            var (x, y) = crop.FromMiddleMm(i);
            var angle = Math.IEEERemainder(Math.Atan2(y, x) - middle, 2 * Math.PI);
            var share = 1 - (angle * angle / (halfAngle * halfAngle));
            return share <= 0
                ? -9
                : (thicknessMm * Math.Pow(share, taper) * (1 + (0.3 * Math.Sin((ripple * angle) + phase)))) - crop.DepthMm[i] + (edge[i / crop.Size, i % crop.Size] * 0.4);
        });
    }

    /// <summary>Subdural blood along the falx: a sheet in the midline.</summary>
    public static float[] Interhemispheric(PhantomRandom random, BackgroundCrop crop, double thicknessMm)
    {
        var shift = random.Uniform(-2, 2);
        var (from, to) = random.Chance(0.5) ? (-100.0, random.Uniform(-45, -15)) : (random.Uniform(15, 45), 100.0);
        var bend = new SmoothField(random, crop.Size, 35 / crop.SpacingMm);
        var thick = new SmoothField(random, crop.Size, 12 / crop.SpacingMm);
        return Evaluate(crop, i =>
        {
            var (row, column) = (i / crop.Size, i % crop.Size);
            var (left, posterior) = crop.FromMiddleMm(i);
            var inside = (thicknessMm / 2 * (1 + (0.35 * thick[row, column]))) - Math.Abs(left - shift + bend[row, column]);
            return Math.Min(inside, Math.Min(posterior - from, to - posterior));
        });
    }

    private static float[] Evaluate(BackgroundCrop crop, Func<int, double> insideMm)
    {
        var values = new float[crop.Hu.Length];
        for (var i = 0; i < values.Length; i++)
        {
            // Outside of the cavity nothing is painted, whatever the shape says.
            values[i] = crop.DepthMm[i] > 0 ? (float)insideMm(i) : float.NegativeInfinity;
        }

        return values;
    }
}
