using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Quantification;
using HemoApi.Imaging.Tests.Masks;

namespace HemoApi.Imaging.Tests.Quantification;

public sealed class GuidelineCriteriaTests
{
    [Theory]
    [InlineData(HemorrhageType.Ich, 30, "atLeast", true)]
    [InlineData(HemorrhageType.Ich, 29, "atLeast", false)]
    [InlineData(HemorrhageType.Edh, 30, "over", false)]
    [InlineData(HemorrhageType.Edh, 31, "over", true)]
    public void A_volume_is_held_against_its_threshold(HemorrhageType type, int ml, string comparison, bool met)
    {
        // Slices of exactly 1 ml.
        var geometry = Stacks.Axial(30, 40, ml + 2, spacingMm: 1, sliceSpacingMm: 1);
        var mask = geometry.DrawMask(p => p.X is > 2 and < 28 && p.Y is < 40 && p.Z > 0.5 && p.Z < ml + 0.5 ? type : null);

        var fact = GuidelineCriteria.Of(LesionQuantifier.Measure(geometry.Water(), mask)).First();

        Assert.Equal((type, "volumeMl", comparison, 30.0, met), (fact.Type, fact.Quantity, fact.Comparison, fact.Threshold, fact.Met!.Value));
        Assert.Equal(ml, fact.Value!.Value, 1e-9);
        Assert.Contains(type == HemorrhageType.Ich ? "Stroke 2001; 32: 891" : "Neurosurgery 2006; 58", fact.Reference, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HemorrhageType.Edh, 15.0, false)]
    [InlineData(HemorrhageType.Edh, 15.1, true)]
    [InlineData(HemorrhageType.Sdh, 10.0, false)]
    [InlineData(HemorrhageType.Sdh, 10.1, true)]
    [InlineData(HemorrhageType.Sdh, null, null)]
    public void A_thickness_is_held_against_its_threshold_and_one_that_could_not_be_measured_is_not(HemorrhageType type, double? mm, bool? met)
    {
        var geometry = Stacks.Axial(20, 10, 3);
        var measured = LesionQuantifier.Measure(geometry.Water(), geometry.MaskOf((3, 3, 1, type), (8, 3, 1, type), (9, 3, 1, type)));
        var thinner = mm is null ? null : mm - 5;
        var quantities = measured with { Lesions = [measured.Lesions[0] with { MaximalThicknessMm = thinner }, measured.Lesions[1] with { MaximalThicknessMm = mm }] };

        var fact = Assert.Single(GuidelineCriteria.Of(quantities), f => f.Quantity == "maximalThicknessMm");

        Assert.Equal((type, mm, met, mm is null ? null : 2), (fact.Type, fact.Value, fact.Met, fact.LesionId));
        Assert.True(fact.Experimental);
        Assert.Equal("over", fact.Comparison);
    }

    [Fact]
    public void Two_intracerebral_lesions_count_together_and_two_extradural_ones_do_not()
    {
        var geometry = Stacks.Axial(60, 40, 25);
        var two = (HemorrhageType type) => LesionQuantifier.Measure(geometry.Water(), geometry.DrawMask(p => p.Z is > 1 and < 22 && p.X is < 25 or > 35 && p.Z is > 1 and < 22 ? type : null));

        var (ich, edh) = (GuidelineCriteria.Of(two(HemorrhageType.Ich))[0], GuidelineCriteria.Of(two(HemorrhageType.Edh))[0]);

        Assert.Equal((null, true), (ich.LesionId, ich.Met));
        Assert.Equal((1, false), (edh.LesionId, edh.Met));
    }

    [Fact]
    public void Nothing_found_has_no_criteria()
    {
        var geometry = Stacks.Axial(4, 4, 2);
        Assert.Empty(GuidelineCriteria.Of(LesionQuantifier.Measure(geometry.Water(), geometry.MaskOf())));
    }
}
