using System.Buffers;
using System.Diagnostics;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Postprocessing;
using HemoApi.Imaging.Preprocessing;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Inference;

/// <param name="Mask">Labels in the geometry of the image.</param>
/// <param name="Probabilities">What the labels were made of.</param>
/// <param name="Preprocessing">Time that slices took to become network input.</param>
/// <param name="Network">Time inside the network.</param>
/// <param name="Postprocessing">Time that probabilities took to become labels.</param>
public sealed record Segmentation(LabelVolume Mask, ProbabilityLevels Probabilities, TimeSpan Preprocessing, TimeSpan Network, TimeSpan Postprocessing);

/// <summary>Runs the network over the head, a batch of slices at a time; only one batch is ever in memory as floats. Probabilities are
/// calibrated as they leave the network (<see cref="TemperatureScaling"/>); thresholds and everything else see calibrated ones.</summary>
public static class Segmenter
{
    /// <summary>Only the slices and the box that hold the head are computed; the rest of the mask is empty.</summary>
    /// <param name="progress">Share of the slices done, after each batch.</param>
    /// <returns>The mask, or <c>inference.out_of_memory</c>, <c>inference.invalid_output</c>, or <c>series.none_eligible</c> where the
    /// image holds no tissue: an empty mask of it would read as no hemorrhage.</returns>
    /// <exception cref="OperationCanceledException">Cancelled between two batches.</exception>
    public static Outcome<Segmentation> Run(LoadedModel model, CtVolume image, Action<double>? progress, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var frame = new NetworkFrame(image.Geometry, model.Manifest.Input);
        if (HeadRegion.Find(image, frame) is not { } region)
        {
            return new Fault(
                FaultCodes.SeriesNoneEligible,
                "The images hold no tissue: every voxel is below −300 HU.",
                "Send a head CT in Hounsfield units; check the rescale slope and intercept.");
        }

        var found = Stopwatch.GetElapsedTime(started);
        return Run(model, image, frame, region, progress, cancellation).TryGet(out var segmentation, out var fault)
            ? segmentation with { Preprocessing = segmentation.Preprocessing + found }
            : fault;
    }

    internal static Outcome<Segmentation> Run(
        LoadedModel model, CtVolume image, NetworkFrame frame, HeadRegion region, Action<double>? progress, CancellationToken cancellation) =>
        Run(model, image, frame, region, [model.Manifest.Output], progress, cancellation).TryGet(out var segmentations, out var fault)
            ? segmentations[0]
            : fault;

    /// <summary>One run of the network, labelled once for each of <paramref name="outputs"/>, which differ in their thresholds.</summary>
    internal static Outcome<IReadOnlyList<Segmentation>> Run(
        LoadedModel model,
        CtVolume image,
        NetworkFrame frame,
        HeadRegion region,
        IReadOnlyList<ModelOutput> outputs,
        Action<double>? progress,
        CancellationToken cancellation)
    {
        var (box, geometry) = (region.Box, image.Geometry);
        var sampler = new SliceSampler(frame, box);
        var labellers = outputs.Select(output => (
            Labeller: new ProbabilityLabeller(frame, box, output),
            Labels: new byte[geometry.VoxelCount],
            Peaks: Enumerable.Range(0, region.SliceCount).Select(_ => new List<RunPeak>()).ToArray())).ToList();
        var calibration = new TemperatureScaling(model.Manifest.Output.Temperature);
        var levels = new byte[geometry.VoxelCount];
        var (pixels, sliceSize) = (box.Height * box.Width, geometry.Rows * geometry.Columns);
        var batchSize = Math.Min(model.Options.SlicesPerBatch, region.SliceCount);
        var input = ArrayPool<float>.Shared.Rent(batchSize * pixels);
        var (preprocessing, network, postprocessing) = (TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
        for (var done = 0; done < region.SliceCount; done += batchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            var (first, count) = (region.FirstSlice + done, Math.Min(batchSize, region.SliceCount - done));
            var started = Stopwatch.GetTimestamp();
            Parallel.For(0, count, i => sampler.Sample(image.Slice(first + i), input.AsSpan(i * pixels, pixels)));
            var sampled = Stopwatch.GetTimestamp();
            if (!model.Run(input, count, box.Height, box.Width).TryGet(out var probabilities, out var fault))
            {
                return fault;
            }

            var inferred = Stopwatch.GetTimestamp();
            using (probabilities)
            {
                Parallel.For(0, count, i => calibration.Apply(probabilities.MutableSlice(i)));
                foreach (var (n, (labeller, labels, peaks)) in labellers.Index())
                {
                    // The levels do not depend on thresholds: the first output writes those of all.
                    Parallel.For(0, count, i => labeller.Label(
                        probabilities.Slice(i),
                        labels.AsSpan((first + i) * sliceSize, sliceSize),
                        n == 0 ? levels.AsSpan((first + i) * sliceSize, sliceSize) : [],
                        peaks[first + i - region.FirstSlice]));
                }
            }

            preprocessing += Stopwatch.GetElapsedTime(started, sampled);
            network += Stopwatch.GetElapsedTime(sampled, inferred);
            postprocessing += Stopwatch.GetElapsedTime(inferred);
            progress?.Invoke((double)(done + count) / region.SliceCount);
        }

        ArrayPool<float>.Shared.Return(input);
        List<Segmentation> segmentations = [.. labellers.Select(l => new Segmentation(
            new LabelVolume(geometry, l.Labels),
            new ProbabilityLevels(geometry, levels, InVolume(l.Peaks, region.FirstSlice, sliceSize)),
            preprocessing,
            network,
            postprocessing))];
        return segmentations;
    }

    private static RunPeak[] InVolume(List<RunPeak>[] slices, int firstSlice, int sliceSize) =>
        [.. slices.SelectMany((peaks, i) => peaks.Select(peak => peak with { Voxel = peak.Voxel + ((firstSlice + i) * sliceSize) }))];
}
