using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Quantification;

/// <summary>What the network's probabilities say about a lesion's volume. The lesion is taken as one of the level sets of the map: in each
/// voxel it is blood with the probability given there, and where it is larger it is larger everywhere. That spread is the widest that a
/// map permits; voxels that err independently would give an interval of next to nothing.</summary>
/// <param name="ExpectedMl">Sum of the probabilities times the volumes of their voxels.</param>
/// <param name="LowMl">Lower end of the 95 % interval: the volume of at least 97.5 %.</param>
/// <param name="HighMl">Upper end: the volume of at least 2.5 %, as far as it is connected with the lesion.</param>
/// <remarks>As good as the network's probabilities are calibrated, and they are not calibrated for patients. Blood that the network did
/// not find at all is in no interval.</remarks>
public sealed record ProbabilityRange(double ExpectedMl, double LowMl, double HighMl)
{
    /// <returns>One for each lesion.</returns>
    internal static IReadOnlyList<ProbabilityRange> OfAll(IReadOnlyList<ConnectedLesion> lesions, ProbabilityLevels probabilities)
    {
        var geometry = probabilities.Geometry;
        var volumesMl = lesions.Select(_ => new double[ProbabilityLevels.Certain + 1]).ToArray();
        var (columns, size) = (geometry.Columns, geometry.Rows * geometry.Columns);
        var seen = new ulong[(geometry.VoxelCount / 64) + 1];
        var queue = new Queue<(int Voxel, int Lesion)>();
        for (var lesion = 0; lesion < lesions.Count; lesion++)
        {
            foreach (var run in lesions[lesion].Runs.Span)
            {
                var start = run.FirstVoxel(geometry);
                for (var voxel = start; voxel < start + run.Length; voxel++)
                {
                    Take(voxel, lesion);
                }
            }
        }

        // From all lesions at once, so that a voxel between two goes to the one that is fewer steps away.
        while (queue.TryDequeue(out var item))
        {
            var (voxel, lesion) = item;
            var (column, row) = (voxel % columns, voxel % size / columns);
            Try(column > 0, voxel - 1);
            Try(column < columns - 1, voxel + 1);
            Try(row > 0, voxel - columns);
            Try(row < geometry.Rows - 1, voxel + columns);
            Try(voxel >= size, voxel - size);
            Try(voxel + size < geometry.VoxelCount, voxel + size);

            void Try(bool exists, int neighbour)
            {
                if (exists && probabilities.Levels[neighbour] >= ProbabilityLevels.Low && (seen[neighbour >> 6] >> (neighbour & 63) & 1) == 0)
                {
                    Take(neighbour, lesion);
                }
            }
        }

        return [.. volumesMl.Select(Summarise)];

        void Take(int voxel, int lesion)
        {
            seen[voxel >> 6] |= 1UL << (voxel & 63);
            volumesMl[lesion][probabilities.Levels[voxel]] += geometry.PixelAreaMm2 * geometry.SliceExtentMm(voxel / size) / 1000;
            queue.Enqueue((voxel, lesion));
        }
    }

    private static ProbabilityRange Summarise(double[] volumesMl) => new(
        volumesMl.Select((ml, level) => ml * ProbabilityLevels.Probability(level)).Sum(),
        volumesMl.AsSpan(ProbabilityLevels.High).ToArray().Sum(),
        volumesMl.AsSpan(ProbabilityLevels.Low).ToArray().Sum());
}
