using HemoApi.Imaging.Phantoms;
using HemoApi.Training.Painting;

namespace HemoApi.Training.Backgrounds;

/// <summary>Samples of two kinds, by seed: phantoms, and hemorrhages painted into heads.</summary>
internal sealed class BackgroundSource(IReadOnlyList<HeadField> heads, double share)
{
    public TrainingSample Sample(ulong seed, int size)
    {
        var random = new PhantomRandom(seed ^ 0xBAC06D0BAC06D0UL);

        // Held-out seeds stay phantoms: validation measures the same thing whatever the backgrounds.
        if (heads.Count == 0 || seed < TrainingSeeds.TrainingStart || !random.Chance(share))
        {
            return PhantomSource.Sample(seed, size);
        }

        var section = PaintedSlice.Draw(random, heads[random.Integer(0, heads.Count)], size, PhantomSource.SpacingMm);
        return PhantomSource.Normalised(section.Hu, section.Labels, size);
    }
}
