using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;

namespace HemoApi.Imaging.Quantification;

/// <summary>The highest probability of its own type anywhere in a lesion: how sure the network is of it at its surest.</summary>
internal static class MaximumProbability
{
    /// <returns>One for each lesion, 0 to 1; null where it is not known.</returns>
    public static IReadOnlyList<double?> OfAll(IReadOnlyList<ConnectedLesion> lesions, ProbabilityLevels probabilities)
    {
        var geometry = probabilities.Geometry;
        var highest = new double?[lesions.Count];
        List<(int Start, int End, int Lesion)> runs = [];
        for (var lesion = 0; lesion < lesions.Count; lesion++)
        {
            foreach (var run in lesions[lesion].Runs.Span)
            {
                var start = run.FirstVoxel(geometry);
                runs.Add((start, start + run.Length, lesion));
            }
        }

        runs.Sort();
        int[] starts = [.. runs.Select(run => run.Start)];
        foreach (var peak in probabilities.Peaks ?? [])
        {
            var found = Array.BinarySearch(starts, peak.Voxel);
            var at = found >= 0 ? found : ~found - 1;
            if (at < 0 || peak.Voxel >= runs[at].End)
            {
                // Of a lesion that was too small, or outside of the skull.
                continue;
            }

            var lesion = runs[at].Lesion;
            if (lesions[lesion].Type == peak.Type && !(highest[lesion] >= peak.Probability))
            {
                highest[lesion] = peak.Probability;
            }
        }

        return highest;
    }
}
