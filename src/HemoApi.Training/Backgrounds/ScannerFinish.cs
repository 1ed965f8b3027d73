using HemoApi.Imaging.Phantoms;

namespace HemoApi.Training.Backgrounds;

/// <summary>Another scanner over a real slice: beam hardening, streaks, kernel, calibration, more noise.</summary>
internal static class ScannerFinish
{
    public static void Apply(PhantomRandom random, BackgroundCrop crop)
    {
        var hu = crop.Hu;
        if (random.Chance(0.5))
        {
            var (cupping, depth) = (random.Uniform(-8, 14), random.Uniform(1, 8));
            ForEach(crop, i => crop.DepthMm[i] > 0 ? cupping * Math.Exp(-crop.DepthMm[i] / depth) : 0);
        }

        for (var streaks = random.Chance(0.15) ? random.Integer(1, 6) : 0; streaks > 0; streaks--)
        {
            Streak(random, crop);
        }

        var kernel = random.NextDouble();
        if (kernel < 0.35)
        {
            Blend(crop, random.Uniform(0.3, 1));
        }
        else if (kernel < 0.55)
        {
            Blend(crop, -random.Uniform(0.2, 0.8));
        }

        var (gain, offset) = (random.Uniform(0.95, 1.05), random.Uniform(-6, 6));
        var drift = new SmoothField(random, crop.Size, 25 / crop.SpacingMm);
        var driftHu = random.Uniform(0, 2);
        var scanner = ScannerSettings.Draw(random) with { NoiseHu = random.LogUniform(0.3, 6) };
        var noise = new float[hu.Length];
        new PhantomNoise(random.NextUInt64(), scanner).Fill(noise, crop.Size, crop.Size);
        for (var i = 0; i < hu.Length; i++)
        {
            hu[i] = (float)((hu[i] * gain) + offset + (driftHu * drift[i / crop.Size, i % crop.Size]) + (noise[i] * (hu[i] < -500 ? 0.3 : 1)));
        }
    }

    private static void Streak(PhantomRandom random, BackgroundCrop crop)
    {
        var (sin, cos) = Math.SinCos(random.Uniform(0, Math.PI));
        var (x0, y0) = (random.Uniform(0.2, 0.8) * crop.Size, random.Uniform(0.2, 0.8) * crop.Size);
        var (hu, width) = (random.Gaussian() * 7, random.LogUniform(1, 8) / crop.SpacingMm);
        ForEach(crop, i =>
        {
            var across = ((((i % crop.Size) - x0) * cos) + (((i / crop.Size) - y0) * sin)) / width;
            return hu * Math.Exp(-across * across);
        });
    }

    /// <summary>Towards the mean of each pixel's neighbours, or away from it: softer and harder kernels. Bone and air are limited first, or
    /// their edges would ring.</summary>
    private static void Blend(BackgroundCrop crop, double share)
    {
        var limited = Array.ConvertAll(crop.Hu, v => Math.Clamp(v, -200, 400));
        for (var row = 1; row < crop.Size - 1; row++)
        {
            for (var column = 1; column < crop.Size - 1; column++)
            {
                var i = (row * crop.Size) + column;
                var mean = ((limited[i] * 4) + ((limited[i - 1] + limited[i + 1] + limited[i - crop.Size] + limited[i + crop.Size]) * 2)
                    + limited[i - crop.Size - 1] + limited[i - crop.Size + 1] + limited[i + crop.Size - 1] + limited[i + crop.Size + 1]) / 16;
                crop.Hu[i] += (float)((mean - limited[i]) * share);
            }
        }
    }

    private static void ForEach(BackgroundCrop crop, Func<int, double> addHu)
    {
        for (var i = 0; i < crop.Hu.Length; i++)
        {
            crop.Hu[i] += (float)addHu(i);
        }
    }
}
