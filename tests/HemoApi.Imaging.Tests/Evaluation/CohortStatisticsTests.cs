using HemoApi.Imaging.Evaluation.Cohorts;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Evaluation;

/// <summary>Cohorts small enough to count by hand. A voxel is 1 ml.</summary>
public sealed class CohortStatisticsTests
{
    private static readonly VolumeGeometry Grid = Stacks.Axial(12, 10, 6, spacingMm: 10, sliceSpacingMm: 10);

    [Fact]
    public void A_lesion_is_hit_by_the_one_that_shares_most_voxels_and_one_that_shares_none_is_false()
    {
        // Lesions of the reference: columns 1 to 3 and columns 6 to 8 of row 2. The model's first lesion reaches over both.
        var reference = Row(HemorrhageType.Ich, 2, 1, 2, 3, 6, 7, 8);
        var first = CaseComparison.Of(Row(HemorrhageType.Ich, 2, 3, 4, 5, 6, 7), reference, []);
        var second = CaseComparison.Of(Row(HemorrhageType.Ich, 2, 1, 2, 10), reference, []);
        var ofOtherType = CaseComparison.Of(Row(HemorrhageType.Sdh, 2, 1, 2, 3), reference, []);

        Assert.Equal([new FoundLesion(5, 1)], Rounded(first.Types[0].Lesions));
        Assert.Equal([new FoundLesion(2, 0), new FoundLesion(1, null)], Rounded(second.Types[0].Lesions));
        Assert.Equal([new FoundLesion(3, null)], Rounded(ofOtherType.Types[2].Lesions));
        Assert.Equal([2, 2, 2], new[] { first, second, ofOtherType }.Select(c => c.Types[0].ReferenceLesionCount));

        var froc = CohortStatistics.Of([first, second]).Types[0].Detection.Froc!;
        Assert.Equal((2, 4), (froc.Scans, froc.Lesions));
        Assert.Equal([(0.25, 0.0), (0.5, 0.0), (0.5, 0.5)], froc.Points.Select(p => (p.Sensitivity, p.FalsePositivesPerScan)));

        // Of any type the lesions of all types count together, each with its own kind: the first lesion of a scan's SDH is not that of its ICH.
        var any = CohortStatistics.Of([first, second, ofOtherType]).AnyType.Froc!;
        Assert.Equal((3, 6), (any.Scans, any.Lesions));
        Assert.Equal((2.0 / 6, 2.0 / 3), (any.Points[^1].Sensitivity, any.Points[^1].FalsePositivesPerScan));
    }

    [Fact]
    public void Crumbs_of_a_reference_are_neither_to_be_found_nor_false_to_find()
    {
        // Voxels of 0.064 ml: the lesion has two, the crumb one.
        var grid = Stacks.Axial(12, 10, 6, spacingMm: 4, sliceSpacingMm: 4);
        LabelVolume Of(params int[] columns) => grid.MaskOf([.. columns.Select(c => (c, 2, 3, HemorrhageType.Ich))]);
        var cases = new[] { Case(Of(1, 2, 5), Of(1, 2, 5)), Case(Of(8), Of(1, 2, 5)) };

        var froc = CohortStatistics.Of(cases).Types[0].Detection.Froc!;

        Assert.Equal((2, 2), (froc.Scans, froc.Lesions));
        Assert.Equal((0.5, 0.5), (froc.Points[^1].Sensitivity, froc.Points[^1].FalsePositivesPerScan));
    }

    [Fact]
    public void Cases_without_the_type_count_for_specificity_alone()
    {
        var nothing = Row(HemorrhageType.Ich, 2);
        var blood = Row(HemorrhageType.Ich, 2, 4, 5);
        var statistics = CohortStatistics.Of([Case(blood, blood), Case(blood, nothing), Case(nothing, blood), Case(nothing, nothing), Case(nothing, nothing)]);

        var ich = statistics.Types[0];
        Assert.Equal((3, 2, 2), (ich.Cases, ich.ReferenceCases, ich.EmptyCases));
        Assert.Equal(3, ich.Overlap.Dice.Count);
        Assert.Equal(1.0 / 3, ich.Overlap.Dice.Mean!.Value, 1e-12);
        Assert.Equal((2, 1, 0.5), (ich.Overlap.Precision.Count, ich.Overlap.Precision.Missing, ich.Overlap.Precision.Mean!.Value));
        Assert.Equal((2, 1, 0.5), (ich.Overlap.Recall.Count, ich.Overlap.Recall.Missing, ich.Overlap.Recall.Mean!.Value));
        Assert.Equal((1, 2), (ich.Overlap.Hausdorff95Mm.Count, ich.Overlap.Hausdorff95Mm.Missing));
        Assert.Equal((2, 0, 0.5), (ich.ReferenceDice.Count, ich.ReferenceDice.Missing, ich.ReferenceDice.Mean!.Value));
        Assert.Equal((3, 2, 2), (ich.Volume.Count, ich.ReferenceVolume.Count, ich.Abc2!.Count));
        Assert.Equal((1, 2), (ich.Detection.Sensitivity!.Hits, ich.Detection.Sensitivity.Count));
        Assert.Equal((2, 3), (ich.Detection.Specificity!.Hits, ich.Detection.Specificity.Count));

        // Positives of 2 and 0 voxels, negatives of 2, 0 and 0: three and a half of the six pairs are won, a tie being one half.
        Assert.Equal((1 + 1 + 0.5 + 0.5 + 0.5) / 6, ich.Detection.Roc!.Auc, 1e-12);
        Assert.Contains("every", CohortStatistics.Of([Case(blood, blood)]).Types[0].Detection.NotComputed!["specificity"], StringComparison.Ordinal);
    }

    [Fact]
    public void Readers_are_held_against_the_reference_and_each_other_over_the_cases_that_they_have_drawn()
    {
        var (two, four) = (Row(HemorrhageType.Ich, 2, 4, 5), Row(HemorrhageType.Ich, 2, 3, 4, 5, 6));
        var nothing = Row(HemorrhageType.Ich, 2);
        var cases = new[]
        {
            CaseComparison.Of(two, two, [("b", four), ("a", two)]),
            CaseComparison.Of(two, four, [("a", two), ("b", four)]),
            CaseComparison.Of(two, two, [("a", two)]),
            CaseComparison.Of(nothing, nothing, [("a", nothing), ("b", nothing)]),
        };

        var ich = CohortStatistics.Of(cases).Readers.Single(r => r.Type == "ICH");

        // Dice of two and four voxels that share two is 2/3.
        Assert.Equal(["a", "b"], ich.Readers.Select(r => r.Reader));
        Assert.Equal([3, 2], ich.Readers.Select(r => r.Dice.Count));
        Assert.Equal((1 + (2.0 / 3) + 1) / 3, ich.Readers[0].Dice.Mean!.Value, 1e-12);
        Assert.Equal(((2.0 / 3) + 1) / 2, ich.Readers[1].Dice.Mean!.Value, 1e-12);
        var pair = Assert.Single(ich.Pairs);
        Assert.Equal(("a", "b", 2), (pair.First, pair.Second, pair.Dice.Count));
        Assert.Equal(2.0 / 3, pair.Dice.Mean!.Value, 1e-12);
        Assert.Contains("at least 3 pairs", ich.NotComputed!["icc"], StringComparison.Ordinal);
        Assert.Empty(CohortStatistics.Of([cases[2]]).Readers);
    }

    [Fact]
    public void Two_models_are_compared_on_the_cases_that_any_of_them_or_the_reference_holds()
    {
        var (nothing, two, four) = (Row(HemorrhageType.Ich, 2), Row(HemorrhageType.Ich, 2, 4, 5), Row(HemorrhageType.Ich, 2, 3, 4, 5, 6));

        var ich = ModelComparison.Of(HemorrhageType.Ich, [(Case(two, four), Case(four, four)), (Case(nothing, nothing), Case(two, nothing)), (Case(nothing, nothing), Case(nothing, nothing))]);

        Assert.Equal(2, ich.Cases);
        Assert.Equal(1, ich.Dice.Difference.Count);
        Assert.Equal(1 - (2.0 / 3), ich.Dice.Difference.Mean!.Value, 1e-12);
        Assert.Equal(0, ich.AbsoluteError.Difference.Mean!.Value, 1e-12);
        Assert.Equal(2, ich.Volume.Difference.Mean!.Value, 1e-12);
        Assert.Null(ModelComparison.Of(HemorrhageType.Edh, []).Volume.Wilcoxon);
    }

    private static CaseComparison Case(LabelVolume mask, LabelVolume reference) => CaseComparison.Of(mask, reference, []);

    private static LabelVolume Row(HemorrhageType type, int row, params int[] columns) => Grid.MaskOf([.. columns.Select(c => (c, row, 3, type))]);

    private static IEnumerable<FoundLesion> Rounded(IEnumerable<FoundLesion> lesions) => lesions.Select(l => l with { VolumeMl = Math.Round(l.VolumeMl, 9) });
}
