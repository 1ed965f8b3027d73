using System.Runtime.InteropServices;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Quantification;

/// <summary>Hounsfield units of a lesion's voxels, each weighted by its volume.</summary>
/// <param name="Sd">Of the population.</param>
/// <param name="Percentiles">Smallest HU that at least that share of the volume does not exceed (the inverted empirical distribution).</param>
public sealed record HuDistribution(double Mean, double Sd, HuPercentiles Percentiles)
{
    internal static HuDistribution Of(CtVolume image, ConnectedLesion lesion)
    {
        var geometry = image.Geometry;
        var volumes = new Dictionary<short, double>();
        foreach (var run in lesion.Runs.Span)
        {
            var extent = geometry.SliceExtentMm(run.Slice);
            foreach (var hu in image.Slice(run.Slice).Slice((run.Row * geometry.Columns) + run.Start, run.Length))
            {
                CollectionsMarshal.GetValueRefOrAddDefault(volumes, hu, out _) += extent;
            }
        }

        var weights = volumes.OrderBy(w => w.Key).ToList();
        var total = weights.Sum(w => w.Value);
        var mean = weights.Sum(w => w.Key * w.Value) / total;
        var variance = weights.Sum(w => (w.Key - mean) * (w.Key - mean) * w.Value) / total;
        return new(mean, Math.Sqrt(variance), new(At(0.05), At(0.25), At(0.5), At(0.75), At(0.95)));

        short At(double share)
        {
            // Sums of extents are rounded; a share that is met exactly must not be missed by the last bit.
            var (sum, wanted) = (0.0, total * (share - 1e-12));
            foreach (var (hu, weight) in weights)
            {
                sum += weight;
                if (sum >= wanted)
                {
                    return hu;
                }
            }

            return weights[^1].Key;
        }
    }
}

public sealed record HuPercentiles(double P5, double P25, double P50, double P75, double P95);
