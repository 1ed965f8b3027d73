using HemoApi.Imaging.Phantoms;

namespace HemoApi.Training.Backgrounds;

/// <summary>Samples of two kinds, by seed: phantoms, and hemorrhages painted into real heads.</summary>
internal sealed class BackgroundSource(IReadOnlyList<IReadOnlyList<BackgroundSlice>> heads, double share)
{
    public TrainingSample Sample(ulong seed, int size)
    {
        var random = new PhantomRandom(seed ^ 0xBAC06D0BAC06D0UL);

        // Held-out seeds stay phantoms: validation measures the same thing whatever the backgrounds.
        if (heads.Count == 0 || seed < TrainingSeeds.TrainingStart || !random.Chance(share))
        {
            return PhantomSource.Sample(seed, size);
        }

        var head = heads[random.Integer(0, heads.Count)];
        var crop = new BackgroundCrop(random, head[random.Integer(0, head.Count)], size, PhantomSource.SpacingMm);
        var painter = new LesionPainter(random, crop);
        painter.PaintHemorrhages();
        painter.PaintLookalikes();
        ScannerFinish.Apply(random, crop);
        var image = new float[crop.Hu.Length];
        PhantomSource.Normalisation.Apply(crop.Hu, image);
        return new TrainingSample(image, painter.Labels, size);
    }
}
