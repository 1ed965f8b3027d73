using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Postprocessing;
using HemoApi.Imaging.Tests.Inference;
using HemoApi.Imaging.Tests.Masks;

namespace HemoApi.Imaging.Tests.Postprocessing;

public sealed class DoubtfulLesionsTests
{
    private static readonly ModelManifest Manifest = TinyNetwork.Manifest([]) with { MinimumMeanProbability = 0.7, MinimumSupport = 0.6 };

    [Theory]
    [InlineData(0.85, true)]
    [InlineData(0.95, false)]
    public void A_small_lesion_in_one_slice_stays_only_if_the_network_is_very_sure_of_it(double probability, bool isDoubtful)
    {
        // 1.3 ml.
        Assert.Equal(isDoubtful, IsDoubtful(16, slices: 1, probability));
    }

    [Fact]
    public void The_same_lesion_through_three_slices_stays_at_a_lower_probability()
    {
        // 3.8 ml.
        Assert.False(IsDoubtful(16, slices: 3, 0.85));
    }

    [Theory]
    [InlineData(0.65, true)]
    [InlineData(0.75, false)]
    public void A_lesion_of_10_ml_is_judged_by_its_own_voxels_alone(double probability, bool isDoubtful)
    {
        // 10.6 ml.
        Assert.Equal(isDoubtful, IsDoubtful(46, slices: 1, probability));
    }

    /// <summary>A block of side × side pixels of 1 mm² in slices of 5 mm, of one probability, with nothing around it.</summary>
    private static bool IsDoubtful(int side, int slices, double probability)
    {
        var geometry = Stacks.Axial(48, 48, 7, spacingMm: 1, sliceSpacingMm: 5);
        var labels = new byte[geometry.VoxelCount];
        var levels = new byte[geometry.VoxelCount];
        for (var i = 0; i < labels.Length; i++)
        {
            var (slice, row, column) = (i / (48 * 48), i / 48 % 48, i % 48);
            if (slice >= 2 && slice < 2 + slices && row < side && column < side)
            {
                (labels[i], levels[i]) = ((byte)HemorrhageType.Sdh, (byte)(probability * ProbabilityLevels.Certain));
            }
        }

        var lesion = ConnectedLesions.Find(new LabelVolume(geometry, labels)).Single();
        return new DoubtfulLesions(new(geometry, levels), Manifest).Contains(lesion);
    }
}
