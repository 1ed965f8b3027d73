using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Preprocessing;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Inference;

/// <summary>With a network that is a threshold on HU the right mask is known for every voxel.</summary>
public sealed class SegmenterTests
{
    private static readonly (float Weight, float Bias)[] Bands = [TinyNetwork.Step(60.5, 1), TinyNetwork.Step(-5.5, -1), TinyNetwork.Never];

    public static TheoryData<string> Orientations =>
        ["axial", "feet first", "tilted", "coronal", "sagittal", "flipped rows", "flipped columns", "rotated", "uneven"];

    [Theory]
    [MemberData(nameof(Orientations))]
    public void A_threshold_comes_back_voxel_for_voxel_in_every_orientation(string name)
    {
        var image = NoisyHead(Geometry(name));
        using var model = TinyNetwork.Load(TinyNetwork.IchFrom(60.5));

        var mask = Segment(model, image, HeadRegion.Whole);

        Assert.Equal(image.Hounsfield.Select(hu => hu > 60 ? (byte)1 : (byte)0), mask.Labels);
    }

    [Theory]
    [MemberData(nameof(Orientations))]
    public void The_head_box_gives_what_the_whole_frame_gives(string name)
    {
        var image = NoisyHead(Geometry(name, columns: 93, rows: 85));
        using var model = TinyNetwork.Load(TinyNetwork.Convolution(3, [.. Blur, .. Peak, .. Blur], [-1, -0.5f, -9]));
        HeadRegion region = default;

        var cropped = Segment(model, image, (i, frame) => region = HeadRegion.Find(i, frame)!.Value);

        Assert.Equal(Segment(model, image, HeadRegion.Whole).Labels, cropped.Labels);
        Assert.Contains((byte)1, cropped.Labels);
        Assert.Contains((byte)2, cropped.Labels);
        Assert.True(region.Box is { Height: <= 64, Width: <= 64 }, "the box holds more than the head");
    }

    [Theory]
    [MemberData(nameof(Orientations))]
    public void The_highest_probability_of_every_voxel_is_kept_where_it_belongs(string name)
    {
        // ICH rises with HU and SDH falls: both count, whether they reach their thresholds or not.
        (float Weight, float Bias) ich = (4, -3);
        (float Weight, float Bias) sdh = (-6, 0.5f);
        var image = NoisyHead(Geometry(name));
        using var model = TinyNetwork.Load(
            TinyNetwork.Pointwise(ich, TinyNetwork.Never, sdh),
            m => m with { Output = m.Output with { Thresholds = [0.9f, 0.9f, 0.9f] } });
        var frame = new NetworkFrame(image.Geometry, model.Manifest.Input);

        var levels = Segmenter.Run(model, image, frame, HeadRegion.Whole(image, frame), null, CancellationToken.None).Value.Probabilities.Levels;

        var kept = 0;
        for (var i = 0; i < levels.Length; i++)
        {
            var x = HuNormalisation.Default.Apply(image.Hounsfield[i]);
            var probability = Math.Max(Sigmoid((ich.Weight * x) + ich.Bias), Sigmoid((sdh.Weight * x) + sdh.Bias));
            var expected = probability * ProbabilityLevels.Certain;
            Assert.True(
                expected < ProbabilityLevels.Low ? levels[i] == 0 : levels[i] > expected - 1.001 && levels[i] < expected + 0.001,
                $"voxel {i} has level {levels[i]} for a probability of {probability}");
            kept += levels[i] > 0 ? 1 : 0;
        }

        Assert.InRange(kept, levels.Length / 10, levels.Length);

        static double Sigmoid(double logit) => 1 / (1 + Math.Exp(-logit));
    }

    [Fact]
    public void Thresholds_and_kept_probabilities_are_on_calibrated_ones()
    {
        // ICH rises with HU, SDH falls. Calibrated: 1 / (1 + exp(−logit / temperature)).
        (float Weight, float Bias) ich = (4, -1);
        (float Weight, float Bias) sdh = (-6, 0.5f);
        var image = NoisyHead(Geometry("axial"));
        using var model = TinyNetwork.Load(
            TinyNetwork.Pointwise(ich, TinyNetwork.Never, sdh),
            m => m with { Output = m.Output with { Thresholds = [0.7f, 0.9f, 0.9f], Temperature = [2, 1, 0.5f] } });
        var frame = new NetworkFrame(image.Geometry, model.Manifest.Input);

        var segmentation = Segmenter.Run(model, image, frame, HeadRegion.Whole(image, frame), null, CancellationToken.None).Value;

        var (blood, differing) = (0, 0);
        for (var i = 0; i < image.Hounsfield.Length; i++)
        {
            var x = HuNormalisation.Default.Apply(image.Hounsfield[i]);
            var (ofIch, ofSdh) = (Sigmoid(((ich.Weight * x) + ich.Bias) / 2), Sigmoid(((sdh.Weight * x) + sdh.Bias) / 0.5));
            var expected = Math.Max(ofIch, ofSdh) * ProbabilityLevels.Certain;
            Assert.Equal(ofIch >= 0.7 ? 1 : ofSdh >= 0.9 ? 3 : 0, segmentation.Mask.Labels[i]);
            Assert.InRange(segmentation.Probabilities.Levels[i], expected < ProbabilityLevels.Low ? 0 : expected - 1.001, expected < ProbabilityLevels.Low ? 0 : expected + 0.001);
            blood += segmentation.Mask.Labels[i] > 0 ? 1 : 0;
            differing += ofIch < 0.7 && Sigmoid((ich.Weight * x) + ich.Bias) >= 0.7 ? 1 : 0;
        }

        Assert.True(blood > 100 && differing > 100, "nothing here depends on the temperature");

        static double Sigmoid(double logit) => 1 / (1 + Math.Exp(-logit));
    }

    [Fact]
    public void Certainty_stays_certainty_and_what_leaves_0_to_1_by_a_bit_is_drawn_back()
    {
        float[] probabilities = [0, 1, 1.0001f, -0.0001f, 0.5f, 0.9f];

        new TemperatureScaling([2]).Apply(probabilities);

        Assert.Equal([0, 1, 1, 0, 0.5f, 0.75f], probabilities.Select(p => MathF.Round(p, 6)));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.8)]
    [InlineData(1.3)]
    [InlineData(2)]
    public void At_another_spacing_edges_move_by_less_than_a_voxel(double modelSpacingMm)
    {
        // Linear along the columns, so that interpolation either way is exact but for the ends.
        var geometry = Stacks.Even(48, 40, 2, Stacks.Left, Stacks.Posterior, Stacks.Superior * 5, 0.9, 0.7);
        var image = new CtVolume(geometry, geometry.Draw(p => (short)Math.Round(p.X * 4)));
        using var model = TinyNetwork.Load(
            TinyNetwork.IchFrom(60.5),
            m => m with { Input = m.Input with { SpacingMm = modelSpacingMm, FullSize = 64 } });

        var mask = Segment(model, image, HeadRegion.Whole);

        for (var i = 0; i < mask.Labels.Length; i++)
        {
            var (column, row) = (i % 48, i / 48 % 40);
            if (row is > 3 and < 36 && column < 44 && Math.Abs((column * 0.7 * 4) - 60.5) > 0.7 * 4)
            {
                Assert.True(mask.Labels[i] == (column * 0.7 * 4 > 60.5 ? 1 : 0), $"column {column} row {row}");
            }
        }
    }

    [Fact]
    public void Each_voxel_is_the_class_of_the_highest_probability_over_its_threshold()
    {
        // ICH is certain from 60 HU, SDH is likelier from 70 HU on but only reaches its threshold at 90 HU.
        var (ich, sdh) = (TinyNetwork.Step(59.5, 0.05f), TinyNetwork.Step(49.5, 0.1f));
        var image = new CtVolume(Stacks.Axial(40, 40, 1), [.. Enumerable.Range(0, 1600).Select(i => (short)(i % 121))]);
        using var model = TinyNetwork.Load(
            TinyNetwork.Pointwise(ich, TinyNetwork.Never, sdh),
            m => m with { Output = m.Output with { Thresholds = [0.5f, 0.5f, 0.95f] } });

        var mask = Segment(model, image, HeadRegion.Whole);

        double Probability((float Weight, float Bias) channel, int hu) =>
            1 / (1 + Math.Exp(-((channel.Weight * HuNormalisation.Default.Apply(hu)) + channel.Bias)));
        Assert.Equal(
            image.Hounsfield.Select(hu => (byte)(Probability(sdh, hu) >= 0.95 && Probability(sdh, hu) > Probability(ich, hu) ? 3 : Probability(ich, hu) >= 0.5 ? 1 : 0)),
            mask.Labels);
        Assert.Contains((byte)1, mask.Labels);
        Assert.Contains((byte)3, mask.Labels);
    }

    [Fact]
    public void Classes_keep_their_labels_whatever_the_order_of_the_channels()
    {
        var image = NoisyHead(Geometry("axial"));
        using var model = TinyNetwork.Load(
            TinyNetwork.Pointwise(Bands),
            m => m with { Output = m.Output with { Classes = ["SDH", "ICH", "EDH"] } });

        var mask = Segment(model, image, HeadRegion.Whole);

        Assert.Equal(image.Hounsfield.Select(hu => (byte)(hu > 60 ? HemorrhageType.Sdh : hu < -5 ? HemorrhageType.Ich : 0)), mask.Labels);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public void The_size_of_a_batch_changes_nothing(int slicesPerBatch)
    {
        var image = NoisyHead(Geometry("tilted"));
        var network = TinyNetwork.Convolution(3, [.. Blur, .. Peak, .. Blur], [-1, -0.5f, -9]);
        using var reference = TinyNetwork.Load(network);
        using var model = TinyNetwork.Load(network, options: new EngineOptions { Threads = 1, SlicesPerBatch = slicesPerBatch });

        Assert.Equal(Segment(reference, image, HeadRegion.Whole).Labels, Segment(model, image, HeadRegion.Whole).Labels);
    }

    [Fact]
    public void A_slice_larger_than_the_frame_is_segmented_whole()
    {
        var geometry = Stacks.Axial(75, 51, 2);
        var image = new CtVolume(geometry, geometry.Draw(p => (short)(p.X + p.Y)));
        using var model = TinyNetwork.Load(TinyNetwork.IchFrom(60.5));

        Assert.Equal(image.Hounsfield.Select(hu => hu > 60 ? (byte)1 : (byte)0), Segment(model, image, HeadRegion.Whole).Labels);
    }

    [Fact]
    public void Cancelling_stops_before_the_next_batch()
    {
        var image = NoisyHead(Geometry("axial"));
        using var model = TinyNetwork.Load(TinyNetwork.IchFrom(60.5));
        using var source = new CancellationTokenSource();
        var frame = new NetworkFrame(image.Geometry, model.Manifest.Input);
        var shares = new List<double>();

        Assert.Throws<OperationCanceledException>(() => Segmenter.Run(
            model,
            image,
            frame,
            HeadRegion.Whole(image, frame),
            share =>
            {
                shares.Add(share);
                source.Cancel();
            },
            source.Token));

        Assert.Equal([2.0 / image.Geometry.SliceCount], shares);
    }

    [Fact]
    public void Progress_rises_to_the_whole()
    {
        var image = NoisyHead(Geometry("axial"));
        using var model = TinyNetwork.Load(TinyNetwork.IchFrom(60.5), options: new EngineOptions { Threads = 1, SlicesPerBatch = 4 });
        var frame = new NetworkFrame(image.Geometry, model.Manifest.Input);
        var shares = new List<double>();

        Assert.Null(Segmenter.Run(model, image, frame, HeadRegion.Whole(image, frame), shares.Add, CancellationToken.None).Fault);

        Assert.Equal(shares.Order(), shares);
        Assert.Equal(1, shares[^1]);
    }

    private static float[] Blur { get; } = [.. Enumerable.Repeat(4f / 9, 9)];

    private static float[] Peak { get; } = [-0.3f, -0.3f, -0.3f, -0.3f, 3, -0.3f, -0.3f, -0.3f, -0.3f];

    private static LabelVolume Segment(LoadedModel model, CtVolume image, Func<CtVolume, NetworkFrame, HeadRegion> region)
    {
        var frame = new NetworkFrame(image.Geometry, model.Manifest.Input);
        return Segmenter.Run(model, image, frame, region(image, frame), null, CancellationToken.None).Value.Mask;
    }

    /// <summary>An ellipsoid of noisy tissue in air, with every voxel of another value.</summary>
    internal static CtVolume NoisyHead(VolumeGeometry geometry)
    {
        var random = new Random(5);
        var centre = geometry.CentreLpsMm();
        return new CtVolume(geometry, geometry.Draw(p => p.InEllipsoid(centre, 13, 14, 15) ? (short)random.Next(-80, 160) : (short)-1000));
    }

    internal static VolumeGeometry Geometry(string name, int columns = 41, int rows = 37)
    {
        var (left, posterior, superior) = (Stacks.Left, Stacks.Posterior, Stacks.Superior);
        return name switch
        {
            "axial" => Stacks.Even(columns, rows, 9, left, posterior, superior * 4),
            "feet first" => Stacks.Even(columns, rows, 9, left.Opposite(), posterior, superior * -4),
            "tilted" => Stacks.Tilted(columns, rows, 9, 18.5, spacingMm: 1, tableStepMm: 4),
            "coronal" => Stacks.Even(columns, rows, 9, left, superior.Opposite(), posterior * 4),
            "sagittal" => Stacks.Even(columns, rows, 9, posterior, superior.Opposite(), left * -4),
            "flipped rows" => Stacks.Even(columns, rows, 9, left, posterior.Opposite(), superior * -4),
            "flipped columns" => Stacks.Even(columns, rows, 9, left.Opposite(), posterior, superior * -4),
            "rotated" => Stacks.Even(columns, rows, 9, posterior, left, superior * -4),
            "uneven" => Stacks.AxialAt(columns, rows, 1, 4, -12, -8, -4, 0, 2, 4, 9, 14),
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
    }
}
