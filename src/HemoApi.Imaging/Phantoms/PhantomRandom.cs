using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Phantoms;

/// <summary>SplitMix64 (Steele, Lea, Flood 2014). Written here because a seed must give the same phantom on every runtime
/// version, which System.Random does not promise: held-out seeds stay held out.</summary>
public sealed class PhantomRandom(ulong seed)
{
    private ulong _state = seed;
    private double _spareGaussian = double.NaN;

    public ulong NextUInt64()
    {
        var z = _state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    public double Uniform(double minimum, double maximum) => minimum + ((maximum - minimum) * NextDouble());

    public double LogUniform(double minimum, double maximum) => Math.Exp(Uniform(Math.Log(minimum), Math.Log(maximum)));

    /// <summary>Uniform in [minimum, maximum).</summary>
    public int Integer(int minimum, int maximum) => minimum + (int)((maximum - minimum) * NextDouble());

    /// <summary>Of length 1, evenly spread over the sphere or over the zone of it that is given.</summary>
    public Vector3D Direction(double minimumZ = -1, double maximumZ = 1)
    {
        var z = Uniform(minimumZ, maximumZ);
        var azimuth = Uniform(0, 2 * Math.PI);
        var ring = Math.Sqrt(1 - (z * z));
        return new(ring * Math.Cos(azimuth), ring * Math.Sin(azimuth), z);
    }

    public bool Chance(double probability) => NextDouble() < probability;

    /// <summary>Standard normal (Box–Muller).</summary>
    public double Gaussian()
    {
        if (!double.IsNaN(_spareGaussian))
        {
            var spare = _spareGaussian;
            _spareGaussian = double.NaN;
            return spare;
        }

        var radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        var (sin, cos) = Math.SinCos(2 * Math.PI * NextDouble());
        _spareGaussian = radius * sin;
        return radius * cos;
    }
}
