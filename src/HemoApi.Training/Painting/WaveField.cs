using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Training.Painting;

/// <summary>A smooth random field in space of mean 0 and standard deviation about 1: a sum of waves in all directions.</summary>
internal sealed class WaveField
{
    private const int Count = 6;
    private static readonly double Scale = Math.Sqrt(2.0 / Count);
    private readonly (Vector3D Vector, double Phase)[] _waves;

    public WaveField(PhantomRandom random, double lengthMm) =>
        _waves = [.. Enumerable.Range(0, Count).Select(_ =>
            (random.Direction() * (2 * Math.PI / (lengthMm * random.Uniform(0.6, 1.6))), random.Uniform(0, 2 * Math.PI)))];

    public double At(Vector3D pointMm)
    {
        var sum = 0.0;
        foreach (var (vector, phase) in _waves)
        {
            sum += Math.Sin(vector.Dot(pointMm) + phase);
        }

        return sum * Scale;
    }
}
