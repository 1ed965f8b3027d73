using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;

namespace HemoApi.Imaging.Postprocessing;

internal static class DoubtfulLesions
{
    /// <summary>Whether the mean over a lesion's voxels of the highest probability of any type stays below a model's minimum.</summary>
    public static bool IsDoubtful(ConnectedLesion lesion, ProbabilityLevels levels, double minimumMeanProbability)
    {
        var (sum, voxels) = (0.0, 0L);
        foreach (var run in lesion.Runs.Span)
        {
            foreach (var level in levels.Levels.AsSpan(run.FirstVoxel(levels.Geometry), run.Length))
            {
                sum += ProbabilityLevels.Probability(level);
            }

            voxels += run.Length;
        }

        return sum < minimumMeanProbability * voxels;
    }
}
