using System.Numerics;
using HemoApi.Imaging.Masks;

namespace HemoApi.Imaging.Evaluation;

/// <summary>How one reader did against the estimated truth, for one type.</summary>
/// <param name="Sensitivity">Share of the truth that the reader marked.</param>
/// <param name="Specificity">Share of the rest that the reader left; over a whole scan it is close to 1 for everyone.</param>
public sealed record ReaderPerformance(double Sensitivity, double Specificity);

/// <param name="Readers">In the order of the masks; empty where no reader marked the type.</param>
/// <param name="Iterations">Until nothing changed any more.</param>
public sealed record StapleType(HemorrhageType Type, IReadOnlyList<ReaderPerformance> Readers, int Iterations);

/// <summary>One mask from those of several readers.</summary>
public static class Consensus
{
    /// <summary>Readers that <see cref="Staple"/> takes: it counts every combination of their marks.</summary>
    public const int MostReaders = 8;

    private const double Change = 1e-9;
    private const int MostIterations = 1000;

    /// <summary>A voxel has the type that at least two readers gave it, of three that is the majority (Xu et al. 2021). With four readers
    /// or more it takes more than half of them.</summary>
    /// <exception cref="ArgumentException">Fewer than two readers, or masks that are not on the same geometry.</exception>
    public static LabelVolume Majority(IReadOnlyList<LabelVolume> readers)
    {
        var geometry = Require(readers);
        var needed = Math.Max(2, (readers.Count / 2) + 1);
        var labels = new byte[geometry.VoxelCount];
        foreach (var reader in readers)
        {
            for (var voxel = reader.NextMarked(0); voxel >= 0; voxel = reader.NextMarked(voxel + 1))
            {
                if (readers.Count(other => other.Labels[voxel] == reader.Labels[voxel]) >= needed)
                {
                    labels[voxel] = reader.Labels[voxel];
                }
            }
        }

        return new LabelVolume(geometry, labels);
    }

    /// <summary>STAPLE (Warfield, Zou and Wells 2004, IEEE Trans Med Imaging 23: 903–921), each type apart over all voxels, with the share
    /// that readers marked on average as the prior: truth and readers' performance by expectation and maximisation.</summary>
    /// <returns>A voxel has the likeliest type of at least one half; and how the readers did.</returns>
    /// <exception cref="ArgumentException">Fewer than two readers, more than <see cref="MostReaders"/>, or masks that are not on the same
    /// geometry.</exception>
    public static (LabelVolume Mask, IReadOnlyList<StapleType> Types) Staple(IReadOnlyList<LabelVolume> readers)
    {
        var geometry = Require(readers);
        if (readers.Count > MostReaders)
        {
            throw new ArgumentException($"takes at most {MostReaders} readers", nameof(readers));
        }

        var types = HemorrhageTypes.All.Select(type => (Type: type, Found: Estimate(type, readers))).ToList();
        var labels = new byte[geometry.VoxelCount];
        for (var i = 0; i < labels.Length; i++)
        {
            var highest = 0.5;
            foreach (var (type, found) in types)
            {
                var truth = found.Truth[PatternAt(readers, i, type)];
                if (truth >= highest && (labels[i] == 0 || truth > highest))
                {
                    (highest, labels[i]) = (truth, (byte)type);
                }
            }
        }

        return (new LabelVolume(geometry, labels), [.. types.Select(t => t.Found.Summary)]);
    }

    /// <summary>Voxels that the same readers marked are alike, so it is enough to count them by who did.</summary>
    /// <returns>Probability of the truth for each combination of marks.</returns>
    private static (double[] Truth, StapleType Summary) Estimate(HemorrhageType type, IReadOnlyList<LabelVolume> readers)
    {
        var counts = new double[1 << readers.Count];
        for (var i = 0; i < readers[0].Labels.Length; i++)
        {
            counts[PatternAt(readers, i, type)]++;
        }

        var marks = counts.Select((count, pattern) => count * BitOperations.PopCount((uint)pattern)).Sum();
        if (marks == 0)
        {
            return (new double[counts.Length], new(type, [], 0));
        }

        var prior = marks / (counts.Sum() * readers.Count);
        var performance = readers.Select(_ => new ReaderPerformance(0.99999, 0.99999)).ToArray();
        for (var iteration = 1; ; iteration++)
        {
            var truth = counts.Select((_, pattern) => TruthOf(pattern, performance, prior)).ToArray();
            var next = performance.Select((_, reader) => PerformanceOf(reader, counts, truth)).ToArray();
            var change = next.Zip(performance, (a, b) => Math.Abs(a.Sensitivity - b.Sensitivity) + Math.Abs(a.Specificity - b.Specificity)).Max();
            performance = next;
            if (change < Change || iteration == MostIterations)
            {
                return (truth, new(type, performance, iteration));
            }
        }
    }

    private static double TruthOf(int pattern, ReaderPerformance[] performance, double prior)
    {
        var (blood, none) = (prior, 1 - prior);
        for (var reader = 0; reader < performance.Length; reader++)
        {
            var (sensitivity, specificity) = (performance[reader].Sensitivity, performance[reader].Specificity);
            var marked = (pattern >> reader & 1) == 1;
            blood *= marked ? sensitivity : 1 - sensitivity;
            none *= marked ? 1 - specificity : specificity;
        }

        // Both vanish only for marks that these performances rule out, which then tell nothing.
        return blood + none == 0 ? prior : blood / (blood + none);
    }

    private static ReaderPerformance PerformanceOf(int reader, double[] counts, double[] truth)
    {
        var (blood, marked, none, left) = (0.0, 0.0, 0.0, 0.0);
        for (var pattern = 0; pattern < counts.Length; pattern++)
        {
            var (weight, rest) = (counts[pattern] * truth[pattern], counts[pattern] * (1 - truth[pattern]));
            var isMarked = (pattern >> reader & 1) == 1;
            (blood, none) = (blood + weight, none + rest);
            (marked, left) = (marked + (isMarked ? weight : 0), left + (isMarked ? 0 : rest));
        }

        return new(blood == 0 ? 0 : marked / blood, none == 0 ? 0 : left / none);
    }

    private static int PatternAt(IReadOnlyList<LabelVolume> readers, int voxel, HemorrhageType type)
    {
        var pattern = 0;
        for (var reader = 0; reader < readers.Count; reader++)
        {
            pattern |= readers[reader].Labels[voxel] == (byte)type ? 1 << reader : 0;
        }

        return pattern;
    }

    private static Volumes.VolumeGeometry Require(IReadOnlyList<LabelVolume> readers)
    {
        if (readers.Count < 2)
        {
            throw new ArgumentException("a consensus takes at least two readers", nameof(readers));
        }

        return readers.All(reader => ReferenceEquals(reader.Geometry, readers[0].Geometry))
            ? readers[0].Geometry
            : throw new ArgumentException("masks must share their geometry", nameof(readers));
    }
}
