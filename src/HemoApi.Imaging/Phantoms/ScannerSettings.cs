namespace HemoApi.Imaging.Phantoms;

/// <summary>What the scanner does to a head.</summary>
/// <param name="NoiseHu">Standard deviation of the noise in soft tissue.</param>
/// <param name="NoiseCorrelation">0 white to 1 smooth over neighbouring pixels: the reconstruction kernel's texture.</param>
/// <param name="EdgeMm">Width of sharp edges in the plane.</param>
/// <param name="CuppingHu">Beam hardening left under the skull.</param>
/// <param name="CuppingDepthMm">Depth at which cupping has fallen to 1/e.</param>
/// <param name="BoneHaloHu">What the blur of the bone adds at the inner table, beyond the sharp edge.</param>
/// <param name="BoneHaloDepthMm">Depth at which the halo has fallen to 1/e.</param>
/// <param name="TextureHu">Amplitude of slow density variation in the tissue.</param>
/// <param name="OffsetHu">Calibration error.</param>
public sealed record ScannerSettings(
    double NoiseHu,
    double NoiseCorrelation,
    double EdgeMm,
    double CuppingHu,
    double CuppingDepthMm,
    double BoneHaloHu,
    double BoneHaloDepthMm,
    double TextureHu,
    double OffsetHu)
{
    /// <summary>Without noise and artefacts: for tests against analytic values.</summary>
    public static ScannerSettings Ideal { get; } = new(0, 0, 0.5, 0, 1, 0, 1, 0, 0);

    public static ScannerSettings Draw(PhantomRandom random) => new(
        random.LogUniform(1.5, 6),
        random.NextDouble(),
        random.Uniform(0.5, 1.6),
        random.Chance(0.5) ? random.Uniform(-6, 16) : 0,
        random.Uniform(2, 7),
        random.Chance(0.6) ? random.LogUniform(6, 90) : 0,
        random.Uniform(0.4, 1.1),
        random.Uniform(0, 3),
        random.Uniform(-4, 4));
}
