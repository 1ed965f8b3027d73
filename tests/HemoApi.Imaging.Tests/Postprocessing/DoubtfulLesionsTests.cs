using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Postprocessing;
using HemoApi.Imaging.Tests.Masks;

namespace HemoApi.Imaging.Tests.Postprocessing;

public sealed class DoubtfulLesionsTests
{
    [Fact]
    public void A_lesion_goes_whose_mean_probability_is_too_low_even_if_one_voxel_is_certain()
    {
        var geometry = Stacks.Axial(16, 16, 1);
        var mask = geometry.MaskOf(
            (1, 1, 0, HemorrhageType.Ich), (2, 1, 0, HemorrhageType.Ich), (3, 1, 0, HemorrhageType.Ich),
            (9, 9, 0, HemorrhageType.Sdh), (9, 10, 0, HemorrhageType.Sdh));
        var levels = new byte[geometry.VoxelCount];
        (levels[17], levels[18], levels[19]) = (200, 80, 80);
        (levels[153], levels[169]) = (125, 121);

        var kept = LesionRemoval.Without(mask, lesion => DoubtfulLesions.IsDoubtful(lesion, new(geometry, levels), 0.61));

        // Levels are half percents: means of 0.602 and 0.618.
        Assert.Equal(geometry.MaskOf((9, 9, 0, HemorrhageType.Sdh), (9, 10, 0, HemorrhageType.Sdh)).Labels, kept.Labels);
    }
}
