using System.Buffers;
using System.IO.Compression;
using HemoApi.Imaging;
using HemoApi.Imaging.Dicom;
using HemoApi.Imaging.Export;
using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Postprocessing;
using HemoApi.Imaging.Preprocessing;
using HemoApi.Imaging.Quantification;
using HemoApi.Storage;

namespace HemoApi.Benchmarks;

/// <summary>The steps of one job, called one by one as <see cref="SegmentationPipeline"/> calls them, so that each can be measured.</summary>
internal sealed class PipelineSteps(LoadedModel model, IBlobStore blobs, StepMeter meter)
{
    public const string Unzip = "unzip";
    public const string Network = Stages.Network;

    /// <returns>What the network saw.</returns>
    public HeadRegion Run(byte[] studyZip)
    {
        meter.StartRun();
        using var zip = new ZipArchive(new MemoryStream(studyZip), ZipArchiveMode.Read);
        string[] names = [.. zip.Entries.Select(e => e.FullName)];
        meter.Measure(Unzip, () => UnzipAll(zip));

        var series = meter.Measure(Stages.Read, () => SeriesFiles.Plan(names, Open, null, 0, _ => { }, default).Value);
        var image = meter.Measure(Stages.Decode, () => CtVolumeReader.Read(series, Open, null, default).Value);
        var (frame, region) = meter.Measure(Stages.Preprocess, () =>
        {
            var whole = new NetworkFrame(image.Geometry, model.Manifest.Input);
            return (whole, HeadRegion.Find(image, whole)!.Value);
        });
        var (labels, levels) = (new byte[image.Geometry.VoxelCount], new byte[image.Geometry.VoxelCount]);
        Segment(image, frame, region, labels, levels);
        var mask = meter.Measure(Stages.Postprocess, () => MaskCleaning.Clean(image, new LabelVolume(image.Geometry, labels), new ProbabilityLevels(image.Geometry, levels), model.Manifest)).Mask;
        meter.Measure(Stages.Quantify, () => LesionQuantifier.Measure(image, mask, new ProbabilityLevels(image.Geometry, levels)));
        var files = meter.Measure(Stages.Export, () =>
        {
            var (maskFile, imageFile) = (new MemoryStream(), new MemoryStream());
            NiftiWriter.WriteMask(mask, maskFile);
            NiftiWriter.WriteImage(image, imageFile);
            return new[] { maskFile, imageFile };
        });
        meter.Measure(Stages.Store, () => Store(files));
        return region;

        Stream Open(string name) => zip.GetEntry(name)!.Open();
    }

    private void Segment(Imaging.Volumes.CtVolume image, NetworkFrame frame, HeadRegion region, byte[] labels, byte[] levels)
    {
        var (box, sliceSize) = (region.Box, image.Geometry.Rows * image.Geometry.Columns);
        var sampler = new SliceSampler(frame, box);
        var labeller = new ProbabilityLabeller(frame, box, model.Manifest.Output);
        var pixels = box.Height * box.Width;
        var batch = model.Options.SlicesPerBatch;
        var input = ArrayPool<float>.Shared.Rent(batch * pixels);
        for (var done = 0; done < region.SliceCount; done += batch)
        {
            var (first, count) = (region.FirstSlice + done, Math.Min(batch, region.SliceCount - done));
            meter.Measure(Stages.Preprocess, () => Parallel.For(0, count, i => sampler.Sample(image.Slice(first + i), input.AsSpan(i * pixels, pixels))));
            using var probabilities = meter.Measure(Network, () => model.Run(input, count, box.Height, box.Width).Value);
            meter.Measure(Stages.Postprocess, () => Parallel.For(
                0,
                count,
                i => labeller.Label(probabilities.Slice(i), labels.AsSpan((first + i) * sliceSize, sliceSize), levels.AsSpan((first + i) * sliceSize, sliceSize))));
        }

        ArrayPool<float>.Shared.Return(input);
    }

    private static long UnzipAll(ZipArchive zip)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        long bytes = 0;
        foreach (var entry in zip.Entries)
        {
            using var stream = entry.Open();
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                bytes += read;
            }
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return bytes;
    }

    private bool Store(MemoryStream[] files)
    {
        for (var i = 0; i < files.Length; i++)
        {
            var file = files[i];
            file.Position = 0;
            blobs.Put($"benchmark/{i}", (stream, cancellation) => file.CopyToAsync(stream, cancellation), default).GetAwaiter().GetResult();
        }

        return true;
    }
}
