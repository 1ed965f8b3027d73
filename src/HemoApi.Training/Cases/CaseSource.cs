using HemoApi.Imaging.Phantoms;

namespace HemoApi.Training.Cases;

/// <summary>Samples of labelled cases, by seed, among those of another source.</summary>
/// <param name="others">Held-out seeds stay with it: validation measures the same thing whatever the cases.</param>
/// <param name="share">Of the training samples that are of cases.</param>
internal sealed class CaseSource(CaseSlices cases, SampleSource others, double share)
{
    /// <summary>Of the samples of a case with blood, so many show a slice with blood.</summary>
    private const double BloodShare = 0.75;

    private const float AirHu = -1000;

    public TrainingSample Sample(ulong seed, int size)
    {
        var random = new PhantomRandom(seed ^ 0xCA5E5CA5E5CA5EUL);
        if (cases.CaseCount == 0 || seed < TrainingSeeds.TrainingStart || !random.Chance(share))
        {
            return others(seed, size);
        }

        var index = random.Integer(0, cases.CaseCount);
        var withBlood = cases.SliceCount(index, withBlood: true) > 0 && random.Chance(BloodShare);
        var slice = cases.Read(index, withBlood, random.Integer(0, cases.SliceCount(index, withBlood)));
        var (top, left) = Corner(random, slice, size);
        var (hu, labels) = Crop(slice, top, left, size, isMirrored: random.Chance(0.5));
        Disturb(random, hu);
        return PhantomSource.Normalised(hu, labels, size);
    }

    /// <summary>Anywhere that keeps the crop on the head; with a pixel of blood in it where there is one.</summary>
    private static (int Top, int Left) Corner(PhantomRandom random, FrameSlice slice, int size)
    {
        int[] blood = [.. Enumerable.Range(0, slice.Labels.Length).Where(i => slice.Labels[i] > 0)];
        if (blood.Length == 0)
        {
            return (Along(slice.Height, null), Along(slice.Width, null));
        }

        var (row, column) = Math.DivRem(blood[random.Integer(0, blood.Length)], slice.Width);
        return (Along(slice.Height, row), Along(slice.Width, column));

        int Along(int extent, int? keep)
        {
            var (low, high) = (Math.Min(0, extent - size), Math.Max(0, extent - size));
            return keep is { } pixel
                ? random.Integer(Math.Max(low, pixel - size + 1), Math.Min(high, pixel) + 1)
                : random.Integer(low, high + 1);
        }
    }

    private static (float[] Hu, byte[] Labels) Crop(FrameSlice slice, int top, int left, int size, bool isMirrored)
    {
        var (hu, labels) = (new float[size * size], new byte[size * size]);
        hu.AsSpan().Fill(AirHu);
        for (var row = Math.Max(0, -top); row < Math.Min(size, slice.Height - top); row++)
        {
            for (var column = Math.Max(0, -left); column < Math.Min(size, slice.Width - left); column++)
            {
                var from = ((row + top) * slice.Width) + column + left;
                var to = (row * size) + (isMirrored ? size - 1 - column : column);
                (hu[to], labels[to]) = (slice.Hu[from], slice.Labels[from]);
            }
        }

        return (hu, labels);
    }

    /// <summary>As much as scanners of one make differ: a few HU of offset, a few percent of gain, some noise.</summary>
    private static void Disturb(PhantomRandom random, float[] hu)
    {
        var (offset, gain, noise) = (random.Uniform(-4, 4), random.Uniform(0.97, 1.03), random.Chance(0.5) ? random.Uniform(0, 4) : 0);
        for (var i = 0; i < hu.Length; i++)
        {
            hu[i] = (float)((hu[i] * gain) + offset + (noise > 0 ? noise * random.Gaussian() : 0));
        }
    }
}
