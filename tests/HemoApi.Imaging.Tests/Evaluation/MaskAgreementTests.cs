using HemoApi.Imaging.Evaluation;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Tests.Masks;

namespace HemoApi.Imaging.Tests.Evaluation;

public sealed class MaskAgreementTests
{
    [Fact]
    public void Half_overlapping_boxes_have_a_Dice_of_one_half()
    {
        var geometry = Stacks.Axial(40, 10, 4);
        var mask = geometry.DrawMask(p => p.X is >= 0 and < 20 ? HemorrhageType.Ich : null);
        var reference = geometry.DrawMask(p => p.X is >= 10 and < 30 ? HemorrhageType.Ich : null);

        var ich = MaskAgreement.Compare(mask, reference)[0];

        Assert.Equal(0.5, ich.Dice!.Value, 1e-12);
        Assert.Equal(0.8, ich.VolumeMl, 1e-12);
        Assert.Equal(0, ich.DifferenceMl, 1e-12);
    }

    [Fact]
    public void A_lesion_of_the_wrong_type_scores_zero_for_both_types()
    {
        var geometry = Stacks.Axial(10, 10, 2);
        var agreement = MaskAgreement.Compare(
            geometry.MaskOf((5, 5, 0, HemorrhageType.Edh)),
            geometry.MaskOf((5, 5, 0, HemorrhageType.Sdh)));

        Assert.Equal([null, 0.0, 0.0], agreement.Select(a => a.Dice));
        Assert.Equal([null, null, -1.0], agreement.Select(a => a.RelativeDifference));
    }

    [Fact]
    public void Empty_masks_count_as_the_remarks_say()
    {
        var geometry = Stacks.Axial(4, 4, 2);
        var (one, none) = (geometry.MaskOf((1, 1, 0, HemorrhageType.Ich)), geometry.MaskOf());

        Assert.Equal((0.0, 0.0, 0.0, (double?)null), Figures(MaskAgreement.Compare(one, none)[0]));
        Assert.Equal((0.0, 0.0, (double?)null, 0.0), Figures(MaskAgreement.Compare(none, one)[0]));
        Assert.Equal(default, Figures(MaskAgreement.Compare(none, none)[0]));
        Assert.Equal((1.0, 1.0, 1.0, 1.0), Figures(MaskAgreement.Compare(one, one)[0]));

        static (double?, double?, double?, double?) Figures(TypeAgreement a) => (a.Dice, a.Iou, a.Precision, a.Recall);
    }

    [Fact]
    public void Voxels_of_thick_slices_weigh_more()
    {
        var geometry = Stacks.AxialAt(columns: 2, rows: 1, spacingMm: 1, thicknessMm: 1, 0, 2, 8);
        var mask = geometry.MaskOf((0, 0, 0, HemorrhageType.Ich), (0, 0, 2, HemorrhageType.Ich));
        var reference = geometry.MaskOf((0, 0, 2, HemorrhageType.Ich));

        // Extents 2, 4 and 6 mm: 2·6 / (2 + 6 + 6).
        Assert.Equal(12.0 / 14, MaskAgreement.Compare(mask, reference)[0].Dice!.Value, 1e-12);
    }
}
