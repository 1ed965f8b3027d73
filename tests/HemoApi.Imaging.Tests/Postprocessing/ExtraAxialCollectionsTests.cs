using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Postprocessing;
using HemoApi.Imaging.Tests.Masks;

namespace HemoApi.Imaging.Tests.Postprocessing;

public sealed class ExtraAxialCollectionsTests
{
    [Fact]
    public void A_collection_takes_the_type_of_most_of_its_volume_and_others_stay()
    {
        var geometry = Stacks.Axial(12, 12, 3);
        var mask = geometry.MaskOf(
            (1, 0, 0, HemorrhageType.Sdh), (1, 1, 0, HemorrhageType.Sdh), (2, 1, 0, HemorrhageType.Sdh),
            (2, 2, 1, HemorrhageType.Sdh), (3, 2, 1, HemorrhageType.Edh),
            (8, 8, 1, HemorrhageType.Edh), (9, 8, 1, HemorrhageType.Ich));

        var unified = ExtraAxialCollections.Unify(mask);

        Assert.Equal(
            geometry.MaskOf(
                (1, 0, 0, HemorrhageType.Sdh), (1, 1, 0, HemorrhageType.Sdh), (2, 1, 0, HemorrhageType.Sdh),
                (2, 2, 1, HemorrhageType.Sdh), (3, 2, 1, HemorrhageType.Sdh),
                (8, 8, 1, HemorrhageType.Edh), (9, 8, 1, HemorrhageType.Ich)).Labels,
            unified.Labels);
        Assert.Equal((byte)HemorrhageType.Edh, mask.Labels[geometry.MaskOf((3, 2, 1, HemorrhageType.Edh)).Labels.AsSpan().IndexOf((byte)HemorrhageType.Edh)]);
    }

    [Fact]
    public void Volume_decides_and_not_the_number_of_voxels()
    {
        // Extents along the normal: 1, 1, 5.5, 10, 10 mm; three voxels of SDH are 3 mm, two of EDH 11 mm.
        var geometry = Stacks.AxialAt(columns: 5, rows: 5, spacingMm: 1, thicknessMm: 5, 0, 1, 2, 12, 22);
        var mask = geometry.MaskOf(
            (1, 1, 0, HemorrhageType.Sdh), (1, 1, 1, HemorrhageType.Sdh), (2, 1, 1, HemorrhageType.Sdh),
            (1, 1, 2, HemorrhageType.Edh), (2, 1, 2, HemorrhageType.Edh));

        Assert.Equal(
            geometry.MaskOf(
                (1, 1, 0, HemorrhageType.Edh), (1, 1, 1, HemorrhageType.Edh), (2, 1, 1, HemorrhageType.Edh),
                (1, 1, 2, HemorrhageType.Edh), (2, 1, 2, HemorrhageType.Edh)).Labels,
            ExtraAxialCollections.Unify(mask).Labels);
    }

    [Fact]
    public void Two_collections_in_contact_stay_two()
    {
        var mask = Stacks.Axial(8, 8, 1).MaskOf(
            (1, 1, 0, HemorrhageType.Sdh), (2, 1, 0, HemorrhageType.Sdh), (3, 1, 0, HemorrhageType.Edh), (4, 1, 0, HemorrhageType.Edh));

        Assert.Same(mask, ExtraAxialCollections.Unify(mask));
    }

    [Fact]
    public void A_mask_whose_collections_have_one_type_each_is_returned_as_it_is()
    {
        var mask = Stacks.Axial(8, 8, 1).MaskOf((1, 1, 0, HemorrhageType.Sdh), (5, 5, 0, HemorrhageType.Edh));

        Assert.Same(mask, ExtraAxialCollections.Unify(mask));
    }
}
