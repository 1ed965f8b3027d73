using HemoApi.Imaging.Dicom;
using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Preprocessing;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Inference;

public sealed class TrainingRangeCheckTests
{
    private static readonly ModelManifest Manifest = TinyNetwork.Manifest([1]) with
    {
        TrainingRange = new TrainingRange(new Interval(2, 6), new Interval(0.4, 0.6), new Interval(0, 20)),
    };

    [Fact]
    public void What_was_seen_in_training_gets_no_warning() =>
        Assert.Empty(TrainingRangeCheck.Warnings(Manifest, Head(Stacks.Axial(40, 40, 4, spacingMm: 0.5, sliceSpacingMm: 5)), 20));

    [Theory]
    [InlineData(0.5, 1.25, 0, "slice thickness of 1.25 mm is outside of the 2 to 6 mm")]
    [InlineData(0.7, 5, 0, "pixel spacing of 0.7 mm is outside of the 0.4 to 0.6 mm")]
    [InlineData(0.5, 5, 25, "gantry tilt of 25 degrees is outside of the 0 to 20 degrees")]
    public void Each_property_outside_is_named_with_its_numbers(double spacingMm, double sliceMm, double tilt, string detail)
    {
        var warning = Assert.Single(TrainingRangeCheck.Warnings(Manifest, Head(Stacks.Axial(40, 40, 4, spacingMm, sliceMm)), tilt));

        Assert.Equal(WarningCodes.OutsideTrainingRange, warning.Code);
        Assert.Contains(detail, warning.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_saw_synthetic_hemorrhages_only_says_so_for_every_study()
    {
        var manifest = Manifest with { TrainingRange = Manifest.TrainingRange with { SyntheticHemorrhagesOnly = true } };

        var warning = Assert.Single(TrainingRangeCheck.Warnings(manifest, Head(Stacks.Axial(40, 40, 4, spacingMm: 0.5, sliceSpacingMm: 5)), 0));

        Assert.Contains("synthetic", warning.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Slices_that_are_not_axial_are_named()
    {
        var coronal = Stacks.Even(40, 40, 4, Stacks.Left, Stacks.Superior.Opposite(), Stacks.Posterior * 5, 0.5, 0.5);

        Assert.Contains("not axial", Assert.Single(TrainingRangeCheck.Warnings(Manifest, Head(coronal), 0)).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-60, "median density of soft tissue is -30 HU")]
    [InlineData(100, "median density of soft tissue is 130 HU")]
    [InlineData(1024, "as dense as bone")]
    public void Values_that_are_no_hounsfield_units_are_named(int offset, string detail)
    {
        var head = Head(Stacks.Axial(40, 40, 4, spacingMm: 0.5, sliceSpacingMm: 5));
        var wrong = new CtVolume(head.Geometry, [.. head.Hounsfield.Select(hu => (short)(hu + offset))]);

        Assert.Contains(TrainingRangeCheck.Warnings(Manifest, wrong, 0), w => w.Code == WarningCodes.OutsideTrainingRange && w.Detail.Contains(detail, StringComparison.Ordinal));
    }

    [Fact]
    public void A_models_own_range_of_densities_goes_before_the_usual_one()
    {
        var manifest = Manifest with { TrainingRange = Manifest.TrainingRange with { MedianSoftTissueHu = new Interval(32, 40) } };
        var head = Head(Stacks.Axial(40, 40, 4, spacingMm: 0.5, sliceSpacingMm: 5));

        Assert.Contains("30 HU, outside of the 32 to 40 HU", Assert.Single(TrainingRangeCheck.Warnings(manifest, head, 0)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_skull_that_was_cut_away_is_named_and_one_with_a_piece_missing_is_not()
    {
        var geometry = Stacks.Axial(40, 40, 4, spacingMm: 0.5, sliceSpacingMm: 5);

        Assert.Contains("Bone surrounds the head in 0 % of directions", Assert.Single(TrainingRangeCheck.Warnings(Manifest, Head(geometry, openDegrees: 360), 0)).Detail, StringComparison.Ordinal);
        Assert.Empty(TrainingRangeCheck.Warnings(Manifest, Head(geometry, openDegrees: 100), 0));
    }

    [Fact]
    public void Phantoms_and_a_real_head_are_heads()
    {
        foreach (var seed in new ulong[] { 11, 12, 13 })
        {
            Assert.Empty(TrainingRangeCheck.OfDensity(Manifest, HeadDensity.Of(new PhantomStudy(seed).Scan().Image)));
        }

        var files = GeStudy.Files();
        var names = files.Select((_, i) => $"{i}").ToList();
        MemoryStream Open(string name) => new(files[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)], writable: false);
        var plan = SeriesFiles.Plan(names, Open, null, 0, _ => { }, CancellationToken.None).Value;

        var density = HeadDensity.Of(CtVolumeReader.Read(plan, Open, null, CancellationToken.None).Value);

        Assert.Empty(TrainingRangeCheck.OfDensity(Manifest, density));
        Assert.InRange(density.MedianSoftTissueHu!.Value, 20, 45);
        Assert.InRange(density.SkullClosure!.Value, 0.9, 1);
        Assert.InRange(density.BoneShare, 0.05, 0.3);
    }

    /// <summary>A disc of 30 HU with a ring of bone, in air; the ring is open to the patient's left by that angle.</summary>
    private static CtVolume Head(VolumeGeometry geometry, double openDegrees = 0)
    {
        var hounsfield = new short[geometry.VoxelCount];
        for (var i = 0; i < hounsfield.Length; i++)
        {
            var (x, y) = ((i % geometry.Columns) - ((geometry.Columns - 1) / 2.0), (i / geometry.Columns % geometry.Rows) - ((geometry.Rows - 1) / 2.0));
            var isOpen = Math.Abs(Math.Atan2(y, x)) * 180 / Math.PI <= openDegrees / 2;
            hounsfield[i] = Math.Sqrt((x * x) + (y * y)) switch { < 14 => 30, < 16 => isOpen ? (short)30 : (short)900, _ => -1000 };
        }

        return new CtVolume(geometry, hounsfield);
    }
}
