using HemoApi.Imaging.Phantoms;
using HemoApi.Training.Painting;

namespace HemoApi.Training.Backgrounds;

/// <summary>Samples of two kinds, by seed: phantoms, and hemorrhages painted into heads.</summary>
internal sealed class BackgroundSource(IReadOnlyList<HeadField> heads, double share)
{
    /// <summary>Share of phantoms from a scanner far off its calibration.</summary>
    private const double OffCalibration = 0.6;

    public TrainingSample Sample(ulong seed, int size)
    {
        // Held-out seeds stay plain phantoms: validation measures the same thing whatever the backgrounds.
        if (seed < TrainingSeeds.TrainingStart)
        {
            return PhantomSource.Sample(seed, size);
        }

        var random = new PhantomRandom(seed ^ 0xBAC06D0BAC06D0UL);
        if (heads.Count > 0 && random.Chance(share))
        {
            var section = PaintedSlice.Draw(random, heads[random.Integer(0, heads.Count)], size, PhantomSource.SpacingMm);
            return PhantomSource.Normalised(section.Hu, section.Labels, size);
        }

        var slice = PhantomSlice.Draw(seed, size, PhantomSource.SpacingMm);
        if (random.Chance(OffCalibration))
        {
            var (gain, offset) = SceneRanges.Wide.Calibration(random);
            for (var i = 0; i < slice.Hu.Length; i++)
            {
                slice.Hu[i] = (float)((slice.Hu[i] * gain) + offset);
            }
        }

        return PhantomSource.Normalised(slice.Hu, slice.Labels, size);
    }
}
