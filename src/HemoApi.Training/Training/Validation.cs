using System.Globalization;
using HemoApi.Imaging.Masks;
using HemoApi.Training.Networks;
using static TorchSharp.torch;

namespace HemoApi.Training;

/// <param name="Dice">Of ICH, EDH, SDH over all samples' pixels together; NaN for a class that is neither there nor found.</param>
/// <param name="MeanSliceDice">Of any hemorrhage, mean over the slices that have one.</param>
/// <param name="FalsePixelsPerEmptySlice">Pixels taken for hemorrhage, mean over the slices without.</param>
public sealed record ValidationScore(IReadOnlyList<double> Dice, double MeanSliceDice, double FalsePixelsPerEmptySlice)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"Dice {string.Join(", ", HemorrhageTypes.All.Zip(Dice, (t, d) => FormattableString.Invariant($"{t.Code()} {d:F3}")))}; any, mean of slices {MeanSliceDice:F3}; false pixels per empty slice {FalsePixelsPerEmptySlice:F1}");
}

/// <summary>Scores a network on a fixed set of held-out samples.</summary>
internal sealed class Validation
{
    private const float Threshold = 0.5f;
    private const int BatchSize = 8;
    private readonly TrainingSample[] _samples;

    public Validation(SampleSource source, int samples, int size) =>
        _samples = [.. Enumerable.Range(0, samples).Select(i => source(TrainingSeeds.ValidationStart + (ulong)i, size))];

    public ValidationScore Score(DenseUNet network)
    {
        var counts = new (long Both, long Sum)[DenseUNet.Classes];
        List<double> slices = [];
        List<int> falsePixels = [];
        foreach (var (sample, found) in _samples.Chunk(BatchSize).SelectMany(batch => batch.Zip(Predict(network, batch))))
        {
            var (both, foundSum, trueSum) = (0, 0, 0);
            for (var i = 0; i < found.Length; i++)
            {
                var (f, t) = (found[i], sample.Labels[i]);
                both += f > 0 && t > 0 ? 1 : 0;
                foundSum += f > 0 ? 1 : 0;
                trueSum += t > 0 ? 1 : 0;
                if (f > 0)
                {
                    counts[f - 1].Sum++;
                    counts[f - 1].Both += f == t ? 1 : 0;
                }

                if (t > 0)
                {
                    counts[t - 1].Sum++;
                }
            }

            if (trueSum > 0)
            {
                slices.Add(2.0 * both / (foundSum + trueSum));
            }
            else
            {
                falsePixels.Add(foundSum);
            }
        }

        return new ValidationScore(
            [.. counts.Select(c => 2.0 * c.Both / c.Sum)],
            slices.DefaultIfEmpty(double.NaN).Average(),
            falsePixels.Select(p => (double)p).DefaultIfEmpty(double.NaN).Average());
    }

    private static byte[][] Predict(DenseUNet network, TrainingSample[] batch)
    {
        using var untracked = no_grad();
        using var scope = NewDisposeScope();
        var size = batch[0].Size;
        float[] images = [.. batch.SelectMany(sample => sample.Image)];
        var probabilities = network.Probabilities(tensor(images, [batch.Length, 1, size, size])).data<float>().ToArray();
        return [.. probabilities.Chunk(DenseUNet.Classes * size * size).Select(Classify)];
    }

    /// <summary>The most probable class at or over the threshold, as the service decides.</summary>
    private static byte[] Classify(float[] probabilities)
    {
        var labels = new byte[probabilities.Length / DenseUNet.Classes];
        for (var i = 0; i < labels.Length; i++)
        {
            var best = Threshold;
            for (var c = 0; c < DenseUNet.Classes; c++)
            {
                var probability = probabilities[(c * labels.Length) + i];
                if (probability >= best)
                {
                    best = probability;
                    labels[i] = (byte)(c + 1);
                }
            }
        }

        return labels;
    }
}
