using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Preprocessing;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Training.Cases;

/// <summary>A slice of a labelled case as the network sees it, cut to the head.</summary>
/// <param name="Hu">Height × width; rows to posterior, columns to the patient's left, at the network's spacing.</param>
/// <param name="Labels">0 none, else <see cref="HemorrhageType"/>; height × width.</param>
internal sealed record FrameSlice(short[] Hu, byte[] Labels, int Height, int Width);

/// <summary>Labelled volumes through the serving code's own resampling (<see cref="NetworkFrame"/>, <see cref="SliceSampler"/>).</summary>
internal static class FrameSlices
{
    /// <summary>The whole range of HU, linear: what it normalises can be turned back into HU.</summary>
    private static readonly HuNormalisation Identity = new(-1100, 4000, 0, 0);

    /// <summary>Side of the network's whole frame, pixels.</summary>
    private const int Size = 512;

    /// <summary>The value of a voxel with a label where the mask of one type is resampled like an image; half of it is the edge.</summary>
    private const short Inside = 1000;

    /// <summary>As the network of this project sees slices.</summary>
    public static IEnumerable<FrameSlice> Of(CtVolume image, LabelVolume mask) =>
        Of(image, mask, new ModelInput("", Size, Networks.DenseUNet.SizeMultiple, PhantomSource.SpacingMm, Identity));

    /// <param name="input">Of the model that is to see them; its HU window does not matter.</param>
    /// <returns>The slices that hold head, one at a time; none where the image holds no tissue. A pixel has a label where the mask of that type,
    /// interpolated linearly, is over one half.</returns>
    public static IEnumerable<FrameSlice> Of(CtVolume image, LabelVolume mask, ModelInput input)
    {
        var frame = new NetworkFrame(image.Geometry, input with { Hu = Identity });
        if (HeadRegion.Find(image, frame) is not { } region)
        {
            yield break;
        }

        var (height, width) = (region.Box.Height, region.Box.Width);
        var sampler = new SliceSampler(frame, region.Box);
        for (var slice = region.FirstSlice; slice < region.FirstSlice + region.SliceCount; slice++)
        {
            var hu = Sample(sampler, image.Slice(slice).ToArray(), height * width);
            yield return new([.. hu.Select(h => (short)Math.Round(h))], Labels(sampler, mask, slice, height * width), height, width);
        }
    }

    private static byte[] Labels(SliceSampler sampler, LabelVolume mask, int slice, int pixels)
    {
        var sliceSize = mask.Geometry.Rows * mask.Geometry.Columns;
        var stored = mask.Labels.AsSpan(slice * sliceSize, sliceSize).ToArray();
        var labels = new byte[pixels];
        foreach (var type in HemorrhageTypes.All.Where(type => stored.Contains((byte)type)))
        {
            var inside = Sample(sampler, Array.ConvertAll(stored, label => label == (byte)type ? Inside : (short)0), pixels);
            for (var i = 0; i < pixels; i++)
            {
                if (inside[i] > Inside / 2.0)
                {
                    labels[i] = (byte)type;
                }
            }
        }

        return labels;
    }

    private static float[] Sample(SliceSampler sampler, short[] stored, int pixels)
    {
        var sampled = new float[pixels];
        sampler.Sample(stored, sampled);
        var (centre, half) = ((Identity.LowHu + Identity.HighHu) / 2, (Identity.HighHu - Identity.LowHu) / 2);
        return Array.ConvertAll(sampled, u => (float)((u * half) + centre));
    }
}
