using HemoApi.Imaging.Evaluation;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Tests.Masks;

namespace HemoApi.Imaging.Tests.Evaluation;

public sealed class UnionAgreementTests
{
    [Fact]
    public void Types_do_not_count_and_slices_without_blood_in_the_reference_are_left_out()
    {
        var geometry = Stacks.Axial(4, 1, 4);
        var mask = new LabelVolume(geometry, [1, 2, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0]);
        var reference = new LabelVolume(geometry, [2, 2, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

        var agreement = UnionAgreement.Of(mask, reference);

        // 2 shared voxels; 3 in the mask and 4 in the reference.
        Assert.Equal(4.0 / 7, agreement.Dice!.Value, 1e-12);
        Assert.Equal([0.8, 0], agreement.SliceDice);
    }

    [Fact]
    public void Slices_count_by_their_true_extent()
    {
        // The last slice extends twice as far as the first.
        var geometry = Stacks.AxialAt(2, 1, spacingMm: 1, thicknessMm: 1, 0, 1, 3);
        var mask = new LabelVolume(geometry, [1, 0, 0, 0, 1, 0]);
        var reference = new LabelVolume(geometry, [1, 0, 0, 0, 0, 1]);

        Assert.Equal(2.0 / (2 + 2 + 2), UnionAgreement.Of(mask, reference).Dice!.Value, 1e-12);
    }

    [Fact]
    public void Where_neither_holds_blood_there_is_nothing_to_agree_on()
    {
        var geometry = Stacks.Axial(2, 2, 2);
        var empty = new LabelVolume(geometry, new byte[8]);

        var agreement = UnionAgreement.Of(empty, new LabelVolume(geometry, new byte[8]));

        Assert.Null(agreement.Dice);
        Assert.Empty(agreement.SliceDice);
    }
}
