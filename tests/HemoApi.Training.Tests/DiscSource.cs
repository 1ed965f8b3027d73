namespace HemoApi.Training.Tests;

/// <summary>Discs on noise: the class is the disc's brightness. Easy enough to be learnt in a few steps.</summary>
internal static class DiscSource
{
    public static TrainingSample Sample(ulong seed, int size)
    {
        var random = new Random((int)seed);
        var label = (byte)random.Next(1, 4);
        var radius = size * (0.15 + (0.1 * random.NextDouble()));
        var (x, y) = (size * (0.3 + (0.4 * random.NextDouble())), size * (0.3 + (0.4 * random.NextDouble())));
        var image = new float[size * size];
        var labels = new byte[size * size];
        for (var i = 0; i < image.Length; i++)
        {
            var inside = Math.Pow((i % size) - x, 2) + Math.Pow((i / size) - y, 2) < radius * radius;
            image[i] = (float)((inside ? label * 0.6 : 0) - 0.9 + (0.1 * random.NextDouble()));
            labels[i] = inside ? label : (byte)0;
        }

        return new TrainingSample(image, labels, size);
    }
}
