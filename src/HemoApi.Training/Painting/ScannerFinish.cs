using HemoApi.Imaging.Phantoms;

namespace HemoApi.Training.Painting;

/// <summary>Another scanner over the slices of a scene: beam hardening, bone's halo, streaks, motion, kernel, pixels, calibration, noise. Drawn once, the same for
/// every slice.</summary>
internal sealed class ScannerFinish
{
    private readonly double _cuppingHu;
    private readonly double _cuppingMm;
    private readonly double _haloHu;
    private readonly double _haloMm;
    private readonly double _blend;
    private readonly double _gain;
    private readonly double _offsetHu;
    private readonly double _driftHu;
    private readonly double _streaked;
    private readonly int _softer;
    private readonly (double Share, int Rows, int Columns) _motion;
    private readonly bool _coarse;
    private readonly ScannerSettings _noise;
    private readonly (double LowHu, double HighHu)? _window;

    public ScannerFinish(PhantomRandom random, SceneRanges ranges)
    {
        (_cuppingHu, _cuppingMm) = (random.Chance(0.5) ? random.Uniform(-8, 14) : 0, random.Uniform(1, 8));
        (_haloHu, _haloMm) = (random.Chance(0.5) ? random.LogUniform(5, 70) : 0, random.Uniform(0.4, 1.2));
        _streaked = random.Chance(0.2) ? random.Uniform(0.2, 1) : 0;
        _softer = random.Chance(ranges.SofterShare) ? random.Integer(1, ranges.SofterPasses + 1) : 0;
        _motion = random.Chance(0.06) ? (random.Uniform(0.15, 0.45), random.Integer(-4, 5), random.Integer(-4, 5)) : default;
        var kernel = random.NextDouble();
        _blend = kernel < 0.3 ? random.Uniform(0.3, 1) : kernel < 0.6 ? -random.Uniform(0.2, 1) : 0;
        (_gain, _offsetHu) = ranges.Calibration(random);
        _driftHu = random.Uniform(0, 2.5);
        _noise = ScannerSettings.Draw(random) with { NoiseHu = random.LogUniform(0.5, ranges.NoisiestHu) };
        _coarse = ranges.CoarseNoiseShare > 0 && random.Chance(ranges.CoarseNoiseShare);
        _window = ranges.WindowedShare > 0 && random.Chance(ranges.WindowedShare) ? (random.Uniform(-60, 0), random.Uniform(80, 160)) : null;
    }

    /// <param name="random">Of this slice: noise, streaks and drift are its own.</param>
    public void Apply(HeadSection section, PhantomRandom random)
    {
        var hu = section.Hu;
        for (var i = 0; i < hu.Length; i++)
        {
            var depth = section.DepthMm[i];
            hu[i] += depth > 0 ? (float)((_cuppingHu * Math.Exp(-depth / _cuppingMm)) + (_haloHu * Math.Exp(-depth / _haloMm))) : 0;
        }

        for (var streaks = random.Chance(_streaked) ? random.Integer(1, 6) : 0; streaks > 0; streaks--)
        {
            Streak(random, section);
        }

        Move(section, _motion);
        Blend(section, _blend);
        for (var pass = 0; pass < _softer; pass++)
        {
            // What a matrix of large pixels leaves.
            Blend(section, 1);
        }

        var drift = new SmoothField(random, Math.Max(section.Rows, section.Columns), 25 / section.SpacingMm);
        var noise = Noise(random.NextUInt64(), section.Columns, section.Rows);
        for (var i = 0; i < hu.Length; i++)
        {
            hu[i] = (float)((hu[i] * _gain) + _offsetHu + (_driftHu * drift[i / section.Columns, i % section.Columns]) + (noise[i] * (hu[i] < -500 ? 0.3 : 1)));
            hu[i] = _window is { } window ? (float)Math.Clamp(hu[i], window.LowHu, window.HighHu) : hu[i];
        }
    }

    private float[] Noise(ulong seed, int columns, int rows)
    {
        var noise = new float[columns * rows];
        var source = new PhantomNoise(seed, _noise);
        if (!_coarse)
        {
            source.Fill(noise, columns, rows);
            return noise;
        }

        // Pixels twice as large, interpolated: as an image of 1 mm pixels resampled to half of it.
        var (width, height) = ((columns / 2) + 2, (rows / 2) + 2);
        var large = new float[width * height];
        source.Fill(large, width, height);
        for (var i = 0; i < noise.Length; i++)
        {
            var (row, column) = (i / columns, i % columns);
            var at = (row / 2 * width) + (column / 2);
            var (right, down) = (column % 2, row % 2 * width);
            noise[i] = (large[at] + large[at + right] + large[at + down] + large[at + right + down]) / 4;
        }

        return noise;
    }

    /// <summary>The head moved during the turn: a share of the views saw it elsewhere.</summary>
    private static void Move(HeadSection section, (double Share, int Rows, int Columns) motion)
    {
        if (motion.Share == 0)
        {
            return;
        }

        var before = (float[])section.Hu.Clone();
        for (var row = 0; row < section.Rows; row++)
        {
            for (var column = 0; column < section.Columns; column++)
            {
                var from = (Math.Clamp(row + motion.Rows, 0, section.Rows - 1) * section.Columns) + Math.Clamp(column + motion.Columns, 0, section.Columns - 1);
                var at = (row * section.Columns) + column;
                section.Hu[at] += (float)(motion.Share * (before[from] - before[at]));
            }
        }
    }

    private static void Streak(PhantomRandom random, HeadSection section)
    {
        var (sin, cos) = Math.SinCos(random.Uniform(0, Math.PI));
        var (x0, y0) = (random.Uniform(0.2, 0.8) * section.Columns, random.Uniform(0.2, 0.8) * section.Rows);
        var (hu, width) = (random.Gaussian() * 7, random.LogUniform(1, 8) / section.SpacingMm);
        for (var i = 0; i < section.Hu.Length; i++)
        {
            var across = ((((i % section.Columns) - x0) * cos) + (((i / section.Columns) - y0) * sin)) / width;
            section.Hu[i] += (float)(hu * Math.Exp(-across * across));
        }
    }

    /// <summary>Towards the mean of each pixel's neighbours, or away from it: softer and harder kernels. Bone and air are limited first, or
    /// their edges would ring.</summary>
    private static void Blend(HeadSection section, double share)
    {
        if (share == 0)
        {
            return;
        }

        var limited = Array.ConvertAll(section.Hu, v => Math.Clamp(v, -80, 160));
        var columns = section.Columns;
        for (var row = 1; row < section.Rows - 1; row++)
        {
            for (var column = 1; column < columns - 1; column++)
            {
                var i = (row * columns) + column;
                var mean = ((limited[i] * 4) + ((limited[i - 1] + limited[i + 1] + limited[i - columns] + limited[i + columns]) * 2)
                    + limited[i - columns - 1] + limited[i - columns + 1] + limited[i + columns - 1] + limited[i + columns + 1]) / 16;
                section.Hu[i] += (float)((mean - limited[i]) * share);
            }
        }
    }
}
