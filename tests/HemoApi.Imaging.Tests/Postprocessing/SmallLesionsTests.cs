using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Postprocessing;
using HemoApi.Imaging.Tests.Masks;

namespace HemoApi.Imaging.Tests.Postprocessing;

public sealed class SmallLesionsTests
{
    [Fact]
    public void Only_lesions_below_the_minimum_go()
    {
        // 2 mm cubes: 0.008 ml a voxel.
        var geometry = Stacks.Axial(10, 10, 3, spacingMm: 2, sliceSpacingMm: 2);
        var mask = geometry.MaskOf(
            (1, 1, 1, HemorrhageType.Ich),
            (5, 1, 1, HemorrhageType.Edh), (6, 1, 1, HemorrhageType.Edh),
            (5, 5, 1, HemorrhageType.Sdh), (6, 6, 1, HemorrhageType.Sdh), (7, 7, 1, HemorrhageType.Sdh));

        var cleaned = Remove(mask, minimumVolumeMl: 0.016);

        var expected = geometry.MaskOf(
            (5, 1, 1, HemorrhageType.Edh), (6, 1, 1, HemorrhageType.Edh),
            (5, 5, 1, HemorrhageType.Sdh), (6, 6, 1, HemorrhageType.Sdh), (7, 7, 1, HemorrhageType.Sdh));
        Assert.Equal(expected.Labels, cleaned.Labels);
    }

    [Fact]
    public void The_same_voxels_stay_or_go_by_their_true_volume_where_slices_are_uneven()
    {
        var geometry = Stacks.AxialAt(columns: 5, rows: 5, spacingMm: 1, thicknessMm: 5, 0, 1, 2, 12, 22);
        var mask = geometry.MaskOf((1, 1, 1, HemorrhageType.Ich), (3, 3, 3, HemorrhageType.Ich));

        var cleaned = Remove(mask, minimumVolumeMl: 0.005);

        Assert.Equal(geometry.MaskOf((3, 3, 3, HemorrhageType.Ich)).Labels, cleaned.Labels);
    }

    [Fact]
    public void The_mask_that_came_in_is_not_changed()
    {
        var mask = Stacks.Axial(5, 5, 1).MaskOf((1, 1, 0, HemorrhageType.Ich));

        Assert.Equal(0, Remove(mask, 1).Labels[6]);
        Assert.Equal(1, mask.Labels[6]);
    }

    private static LabelVolume Remove(LabelVolume mask, double minimumVolumeMl) =>
        LesionRemoval.Without(mask, lesion => SmallLesions.IsSmall(lesion, mask.Geometry, minimumVolumeMl));
}
