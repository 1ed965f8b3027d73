using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Phantoms;

/// <summary>Sulci: winding sheets of CSF that reach from the surface of the brain into the cortex. The sheets are where a sum of waves,
/// which has no direction of its own, is zero.</summary>
public sealed class PhantomSulci
{
    private const int WaveCount = 5;

    private readonly Vector3D[] _waveVectors = new Vector3D[WaveCount];
    private readonly double[] _phases = new double[WaveCount];
    private readonly double _gradientPerMm;

    public PhantomSulci(PhantomRandom random)
    {
        HalfWidthMm = random.LogUniform(0.15, 1.4);
        DepthMm = random.Uniform(6, 20);
        var lengthMm = random.Uniform(22, 40);
        for (var i = 0; i < WaveCount; i++)
        {
            _waveVectors[i] = random.Direction() * (2 * Math.PI / (lengthMm * random.Uniform(0.7, 1.3)));
            _phases[i] = random.Uniform(0, 2 * Math.PI);
        }

        // The mean slope of the sum, which turns its value into a distance.
        _gradientPerMm = 2 * Math.PI / lengthMm * Math.Sqrt(WaveCount / 2.0);
    }

    public double HalfWidthMm { get; }

    /// <summary>Below the surface of the brain.</summary>
    public double DepthMm { get; }

    /// <summary>About the distance to the nearest sheet, mm.</summary>
    public double DistanceMm(Vector3D pointMm)
    {
        var sum = 0.0;
        for (var i = 0; i < WaveCount; i++)
        {
            sum += Math.Sin(_waveVectors[i].Dot(pointMm) + _phases[i]);
        }

        return Math.Abs(sum) / _gradientPerMm;
    }
}
