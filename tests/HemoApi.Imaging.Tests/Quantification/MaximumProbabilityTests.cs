using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Postprocessing;
using HemoApi.Imaging.Preprocessing;
using HemoApi.Imaging.Quantification;
using HemoApi.Imaging.Tests.Inference;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Quantification;

/// <summary>The networks are a sigmoid of each voxel's normalised HU, so every probability is known in closed form.</summary>
public sealed class MaximumProbabilityTests
{
    [Theory]
    [MemberData(nameof(SegmenterTests.Orientations), MemberType = typeof(SegmenterTests))]
    public void It_is_the_highest_of_the_lesions_own_type_in_every_orientation(string name)
    {
        // SDH is labelled at a low threshold in voxels where ICH is likelier but under its own.
        (float Weight, float Bias) ich = (2, -0.5f);
        (float Weight, float Bias) sdh = (1.5f, -1);
        var image = SegmenterTests.NoisyHead(SegmenterTests.Geometry(name));
        using var model = TinyNetwork.Load(
            TinyNetwork.Pointwise(ich, TinyNetwork.Never, sdh), m => m with { Output = m.Output with { Thresholds = [0.85f, 0.9f, 0.55f] } });

        var (mask, lesions) = Measured(model, image);

        var differing = 0;
        Assert.Equal([HemorrhageType.Ich, HemorrhageType.Sdh], lesions.Select(l => l.Type).Distinct().Order());
        Assert.All(ConnectedLesions.LargestFirst(mask).Zip(lesions), pair =>
        {
            var own = Voxels(pair.First, image.Geometry).Select(i => (double)HuNormalisation.Default.Apply(image.Hounsfield[i])).ToList();
            var (weight, bias) = pair.Second.Type == HemorrhageType.Ich ? ich : sdh;
            Assert.Equal(Sigmoid((weight * own.Max()) + bias), pair.Second.MaximumProbability!.Value, 1e-5);
            differing += pair.Second.Type == HemorrhageType.Sdh && Sigmoid((ich.Weight * own.Max()) + ich.Bias) > pair.Second.MaximumProbability + 0.01 ? 1 : 0;
        });
        Assert.True(differing > 0, "nowhere is another type likelier than the lesion's own");
    }

    [Fact]
    public void A_collection_that_became_one_type_has_the_probability_of_that_type_in_all_its_voxels()
    {
        // EDH overtakes SDH in the densest voxels: 4 of 40. They become SDH, whose probability is highest there.
        (float Weight, float Bias) edh = (8, -5);
        (float Weight, float Bias) sdh = (2, 0);
        var geometry = Stacks.Axial(32, 32, 3, sliceSpacingMm: 5);
        var image = new CtVolume(geometry, geometry.Draw(p => p is { Z: 5, Y: >= 10 and < 14, X: >= 8 and < 18 } ? p.X < 9 ? (short)116 : (short)104 : p.Z == 5 ? (short)-500 : (short)-1000));
        using var model = TinyNetwork.Load(TinyNetwork.Pointwise(TinyNetwork.Never, edh, sdh));

        var (labelled, before) = Measured(model, image);
        var (_, after) = Measured(model, image, ExtraAxialTypes.Smooth);

        Assert.Equal([36, 4], new[] { HemorrhageType.Sdh, HemorrhageType.Edh }.Select(type => labelled.Labels.Count(l => l == (byte)type)));
        Assert.Equal(
            [P(sdh, 104), P(edh, 116)], before.OrderBy(l => -(int)l.Type).Select(l => Math.Round(l.MaximumProbability!.Value, 5)));
        var whole = Assert.Single(after);
        Assert.Equal((HemorrhageType.Sdh, P(sdh, 116)), (whole.Type, Math.Round(whole.MaximumProbability!.Value, 5)));

        static double P((float Weight, float Bias) type, double hu) => Math.Round(Sigmoid((type.Weight * HuNormalisation.Default.Apply(hu)) + type.Bias), 5);
    }

    [Fact]
    public void Lesions_that_are_dropped_leave_the_others_theirs_and_a_mask_without_a_map_has_none()
    {
        var geometry = Stacks.Axial(48, 40, 6, sliceSpacingMm: 5);
        (Vector3D Centre, double Radius, short Hu)[] balls = [(new(12, 12, 12), 6, 80), (new(34, 12, 12), 2, 118), (new(24, 30, 12), 7, 95)];
        var image = new CtVolume(geometry, geometry.Draw(p => balls.Where(b => (p - b.Centre).Length <= b.Radius).Select(b => b.Hu).FirstOrDefault((short)20)));
        using var model = TinyNetwork.Load(TinyNetwork.Pointwise((4, -1), TinyNetwork.Never, TinyNetwork.Never));

        var (mask, lesions) = Measured(model, image, m => LesionRemoval.Without(m, lesion => SmallLesions.IsSmall(lesion, geometry, 0.3)));

        Assert.Equal([95, 80], lesions.Select(l => l.Hu.Mean));
        Assert.All(lesions, l => Assert.Equal(Sigmoid((4 * HuNormalisation.Default.Apply(l.Hu.Mean)) - 1), l.MaximumProbability!.Value, 1e-5));
        Assert.All(LesionQuantifier.Measure(image, mask).Lesions, l => Assert.Null(l.MaximumProbability));
    }

    private static (LabelVolume Mask, IReadOnlyList<Lesion> Lesions) Measured(LoadedModel model, CtVolume image, Func<LabelVolume, LabelVolume>? clean = null)
    {
        var frame = new NetworkFrame(image.Geometry, model.Manifest.Input);
        var segmentation = Segmenter.Run(model, image, frame, HeadRegion.Whole(image, frame), null, CancellationToken.None).Value;
        var mask = clean?.Invoke(segmentation.Mask) ?? segmentation.Mask;
        return (mask, LesionQuantifier.Measure(image, mask, segmentation.Probabilities).Lesions);
    }

    private static IEnumerable<int> Voxels(ConnectedLesion lesion, VolumeGeometry geometry) => lesion.Runs.ToArray()
        .SelectMany(run => Enumerable.Range((((run.Slice * geometry.Rows) + run.Row) * geometry.Columns) + run.Start, run.Length));

    private static double Sigmoid(double logit) => 1 / (1 + Math.Exp(-logit));
}
