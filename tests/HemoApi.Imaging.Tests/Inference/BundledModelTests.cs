using HemoApi.Imaging.Evaluation;
using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Preprocessing;

namespace HemoApi.Imaging.Tests.Inference;

/// <summary>The model that ships, on a few phantoms that neither its training nor its thresholds nor the figures of its card have
/// seen. The card's figures come from more of them: <c>HemoApi.Training evaluate</c>.</summary>
public sealed class BundledModelTests(BundledModelTests.BundledModel bundled) : IClassFixture<BundledModelTests.BundledModel>
{
    private const ulong FirstSeed = 800;

    [Fact]
    public void It_finds_every_type_with_its_volume()
    {
        // Each with an ICH and, in turn, an EDH or SDH.
        List<PhantomCase> cases = [.. Enumerable.Range(0, 4).Select(i => PhantomCase.Run(
            bundled.Model,
            FirstSeed + (ulong)i,
            [HemorrhageType.Ich, i % 2 == 0 ? HemorrhageType.Edh : HemorrhageType.Sdh],
            TestContext.Current.CancellationToken).Value)];

        Assert.All(PhantomTypeSummary.OfAll(cases), summary =>
        {
            Assert.True(summary.MissedCases == 0, summary.ToString());
            Assert.True(summary.MeanDice >= 0.8, summary.ToString());

            // Of two to four studies: one that is hard to see moves the sum by several per cent, and a tiny lesion a mean of ratios by more.
            Assert.True(Math.Abs(summary.VolumeBias) <= 0.15, summary.ToString());
        });
    }

    [Fact]
    public void It_finds_nothing_where_nothing_is()
    {
        var healthy = PhantomCase.Run(bundled.Model, FirstSeed + 10, [], TestContext.Current.CancellationToken).Value;

        Assert.All(healthy.Types, type => Assert.Equal(0, type.FoundMl));
    }

    /// <summary>A deep network sees the zeros that pad its input, so the box cannot give the very same probabilities; what must not
    /// depend on the box is the answer.</summary>
    [Fact]
    public void The_box_of_the_head_gives_the_volumes_of_the_whole_frame()
    {
        var image = new PhantomStudy(FirstSeed + 20, HemorrhageTypes.All).Scan().Image;
        var frame = new NetworkFrame(image.Geometry, bundled.Model.Manifest.Input);
        var box = HeadRegion.Find(image, frame)!.Value;
        Assert.NotEqual(frame.Whole, box.Box);

        var inBox = Mask(box);
        var whole = Mask(HeadRegion.Whole(image, frame));

        Assert.All(MaskAgreement.Compare(inBox, whole), agreement =>
        {
            Assert.True(agreement.Dice > 0.995, agreement.ToString());
            Assert.True(Math.Abs(agreement.RelativeDifference!.Value) < 0.005, agreement.ToString());
        });

        LabelVolume Mask(HeadRegion region) =>
            Segmenter.Run(bundled.Model, image, frame, region, null, TestContext.Current.CancellationToken).Value.Mask;
    }

    [Fact]
    public void Its_int8_variant_gives_the_same_volumes()
    {
        var image = new PhantomStudy(FirstSeed + 20, HemorrhageTypes.All).Scan().Image;

        Assert.All(MaskAgreement.Compare(Mask(bundled.Int8), Mask(bundled.Model)), agreement =>
        {
            Assert.True(agreement.Dice > 0.97, agreement.ToString());
            Assert.True(Math.Abs(agreement.RelativeDifference!.Value) < 0.03, agreement.ToString());
        });
        Assert.Equal(bundled.Model.Manifest.Output.Thresholds, bundled.Int8.Manifest.Output.Thresholds);

        LabelVolume Mask(LoadedModel model) => Segmenter.Run(model, image, null, TestContext.Current.CancellationToken).Value.Mask;
    }

    public sealed class BundledModel : IDisposable
    {
        private readonly ModelRegistry _registry = ModelRegistry.Load(
            [.. new[] { "models", "models-int8" }.Select(folder => Path.Combine(AppContext.BaseDirectory, folder))],
            new EngineOptions { Provider = ExecutionProvider.Cpu }).Value;

        internal LoadedModel Model => _registry.Models[0];

        internal LoadedModel Int8 => _registry.Models[1];

        public void Dispose() => _registry.Dispose();
    }
}
