using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Preprocessing;

/// <summary>A rectangle of the network's frame, pixels; its edges are multiples of <see cref="ModelInput.SizeMultiple"/> off the frame's.</summary>
public readonly record struct FrameBox(int Row, int Column, int Height, int Width);

/// <summary>One axis of the network's frame against the same axis of the canonical slice.</summary>
/// <param name="SourceCount">Pixels of the slice.</param>
/// <param name="Scale">Network pixel over slice pixel, in length.</param>
/// <param name="Padding">Frame pixels before the slice begins.</param>
/// <param name="ResampledCount">Frame pixels that the slice covers; its centre stays its centre.</param>
/// <param name="Count">Pixels of the frame.</param>
public readonly record struct FrameAxis(int SourceCount, double Scale, int Padding, int ResampledCount, int Count)
{
    /// <summary>Spacings that differ by less are taken as equal: over a whole head this shifts an edge by 1 mm, while interpolation
    /// would smooth every voxel.</summary>
    private const double SameSpacing = 0.01;

    public static FrameAxis Of(int sourceCount, double sourceSpacingMm, ModelInput input)
    {
        var ratio = input.SpacingMm / sourceSpacingMm;
        var scale = Math.Abs(ratio - 1) <= SameSpacing ? 1 : ratio;
        var resampled = Math.Max(1, (int)Math.Round(sourceCount / scale));
        var multiples = (Math.Max(resampled, input.FullSize) + input.SizeMultiple - 1) / input.SizeMultiple;
        var count = multiples * input.SizeMultiple;
        return new FrameAxis(sourceCount, scale, (count - resampled) / 2, resampled, count);
    }

    public double ToSource(double frame) => ((frame - Padding - ((ResampledCount - 1) / 2.0)) * Scale) + ((SourceCount - 1) / 2.0);

    public double ToFrame(double source) => ((source - ((SourceCount - 1) / 2.0)) / Scale) + Padding + ((ResampledCount - 1) / 2.0);

    /// <summary>Samples the slice at the frame's pixels from <paramref name="start"/> on.</summary>
    internal LinearAxis FromSlice(int start, int count) => new(ToSource(start), Scale, count, SourceCount);

    /// <summary>Samples that piece of the frame at the slice's pixels.</summary>
    internal LinearAxis ToSlice(int start, int count) => new(ToFrame(0) - start, 1 / Scale, SourceCount, count);
}

/// <summary>The frame in which the network sees the slices of one volume: canonical orientation, the model's spacing, centred, padded
/// to <see cref="ModelInput.FullSize"/> or, where the slice is larger, to the next multiple.</summary>
public sealed class NetworkFrame
{
    public NetworkFrame(VolumeGeometry geometry, ModelInput input)
    {
        Plane = CanonicalPlane.Of(geometry);
        Rows = FrameAxis.Of(Plane.Rows, Plane.RowSpacingMm, input);
        Columns = FrameAxis.Of(Plane.Columns, Plane.ColumnSpacingMm, input);
        Input = input;
    }

    public CanonicalPlane Plane { get; }

    public FrameAxis Rows { get; }

    public FrameAxis Columns { get; }

    public ModelInput Input { get; }

    public FrameBox Whole => new(0, 0, Rows.Count, Columns.Count);
}
