using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Inference;

/// <summary>The network's highest probability of any hemorrhage in each voxel, in the geometry of the image, rounded down to half a percent:
/// a byte a voxel.</summary>
/// <param name="levels">In the voxel order of <see cref="VolumeGeometry"/>; 200 is certain. Not copied.</param>
/// <param name="peaks">Of every run of voxels that got a label; null where they are not known.</param>
public sealed class ProbabilityLevels(VolumeGeometry geometry, byte[] levels, IReadOnlyList<RunPeak>? peaks = null)
{
    /// <summary>The level of probability 1.</summary>
    public const int Certain = 200;

    /// <summary>The level of 2.5 %. Lower probabilities are kept as 0.</summary>
    public const int Low = Certain / 40;

    /// <summary>The level of 97.5 %.</summary>
    public const int High = Certain - Low;

    public VolumeGeometry Geometry { get; } = geometry;

    public byte[] Levels { get; } = levels;

    public IReadOnlyList<RunPeak>? Peaks { get; } = peaks;

    /// <summary>The middle of what a level holds.</summary>
    public static double Probability(int level) => level == 0 ? 0 : Math.Min(1, (level + 0.5) / Certain);

    internal static byte LevelOf(float probability) => (byte)Math.Clamp((int)(probability * Certain), 0, Certain);
}
