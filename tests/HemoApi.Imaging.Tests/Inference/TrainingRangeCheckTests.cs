using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Tests.Masks;

namespace HemoApi.Imaging.Tests.Inference;

public sealed class TrainingRangeCheckTests
{
    private static readonly ModelManifest Manifest = TinyNetwork.Manifest([1]) with
    {
        TrainingRange = new TrainingRange(new Interval(2, 6), new Interval(0.4, 0.6), new Interval(0, 20)),
    };

    [Fact]
    public void What_was_seen_in_training_gets_no_warning() =>
        Assert.Empty(TrainingRangeCheck.Warnings(Manifest, Stacks.Axial(8, 8, 4, spacingMm: 0.5, sliceSpacingMm: 5), 20));

    [Theory]
    [InlineData(0.5, 1.25, 0, "slice thickness of 1.25 mm is outside of the 2 to 6 mm")]
    [InlineData(0.7, 5, 0, "pixel spacing of 0.7 mm is outside of the 0.4 to 0.6 mm")]
    [InlineData(0.5, 5, 25, "gantry tilt of 25 degrees is outside of the 0 to 20 degrees")]
    public void Each_property_outside_is_named_with_its_numbers(double spacingMm, double sliceMm, double tilt, string detail)
    {
        var warning = Assert.Single(TrainingRangeCheck.Warnings(Manifest, Stacks.Axial(8, 8, 4, spacingMm, sliceMm), tilt));

        Assert.Equal(WarningCodes.OutsideTrainingRange, warning.Code);
        Assert.Contains(detail, warning.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_saw_synthetic_hemorrhages_only_says_so_for_every_study()
    {
        var manifest = Manifest with { TrainingRange = Manifest.TrainingRange with { SyntheticHemorrhagesOnly = true } };

        var warning = Assert.Single(TrainingRangeCheck.Warnings(manifest, Stacks.Axial(8, 8, 4, spacingMm: 0.5, sliceSpacingMm: 5), 0));

        Assert.Contains("synthetic", warning.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Slices_that_are_not_axial_are_named()
    {
        var coronal = Stacks.Even(8, 8, 4, Stacks.Left, Stacks.Superior.Opposite(), Stacks.Posterior * 5, 0.5, 0.5);

        Assert.Contains("not axial", Assert.Single(TrainingRangeCheck.Warnings(Manifest, coronal, 0)).Detail, StringComparison.Ordinal);
    }
}
