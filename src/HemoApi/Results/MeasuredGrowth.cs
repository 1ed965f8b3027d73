using HemoApi.Imaging.Quantification;

namespace HemoApi.Results;

/// <summary>Growth from two results' volumes and their own intervals.</summary>
public static class MeasuredGrowth
{
    /// <param name="baseline">Volumes that count together; all of them taken too small or too large at once.</param>
    public static VolumeGrowth Of(IReadOnlyList<VolumeDocument> baseline, IReadOnlyList<VolumeDocument> followUp)
    {
        var (before, after) = (baseline.Sum(v => v.VolumeMl), followUp.Sum(v => v.VolumeMl));
        return new(
            before,
            after,
            IntervalOf(baseline) is { } earlier && IntervalOf(followUp) is { } later ? ChangeInterval.Of(before, earlier, after, later) : null);
    }

    private static (double LowMl, double HighMl)? IntervalOf(IReadOnlyList<VolumeDocument> volumes)
    {
        var (low, high) = (0.0, 0.0);
        foreach (var volume in volumes)
        {
            if (volume.Uncertainty is { } u)
            {
                var (partial, network) = (u.FromPartialVolume, u.FromProbabilities);
                low += Math.Min(volume.VolumeMl, Math.Min(partial.LowestMl, network?.LowMl ?? partial.LowestMl));
                high += Math.Max(volume.VolumeMl, Math.Max(partial.HighestMl, network?.HighMl ?? partial.HighestMl));
            }
            else if (volume.VolumeMl > 0)
            {
                return null;
            }
        }

        return (low, high);
    }
}
