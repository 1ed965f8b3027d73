using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Postprocessing;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Postprocessing;

public sealed class LesionSupportTests
{
    private const byte Half = 100;
    private const double HalfProbability = 0.5025;

    [Fact]
    public void One_slice_alone_gives_the_mean_of_the_lesions_own_voxels()
    {
        var geometry = Stacks.Axial(16, 16, 1);

        var support = Support(geometry, geometry.MaskOf((1, 1, 0, HemorrhageType.Ich), (2, 1, 0, HemorrhageType.Ich)), (1, 1, 0, 200), (2, 1, 0, 80), (3, 1, 0, 200));

        // Levels are half percents, and stand for their middle: 1 and 0.4025.
        Assert.Equal(0.70125, support, 5);
    }

    [Fact]
    public void A_lesion_without_anything_above_and_below_keeps_two_thirds_of_its_probability()
    {
        var geometry = Stacks.Axial(16, 16, 3, sliceSpacingMm: 5);

        Assert.Equal(2.0 / 3, Support(geometry, geometry.MaskOf((4, 5, 1, HemorrhageType.Sdh)), (4, 5, 1, 200)), 5);
    }

    [Fact]
    public void Above_and_below_count_by_their_mean()
    {
        var geometry = Stacks.Axial(16, 16, 3, sliceSpacingMm: 5);

        var support = Support(geometry, geometry.MaskOf((4, 5, 1, HemorrhageType.Sdh)), (4, 5, 1, 200), (4, 5, 2, Half), (5, 5, 0, 200));

        Assert.Equal((2 + (HalfProbability / 2)) / 3, support, 5);
    }

    [Fact]
    public void At_the_end_of_the_stack_the_only_neighbour_counts_whole()
    {
        var geometry = Stacks.Axial(16, 16, 3, sliceSpacingMm: 5);

        Assert.Equal((2 + HalfProbability) / 3, Support(geometry, geometry.MaskOf((4, 5, 2, HemorrhageType.Edh)), (4, 5, 2, 200), (4, 5, 1, Half)), 5);
    }

    [Theory]
    [InlineData(1.25, 4)]
    [InlineData(2, 2)]
    [InlineData(8, 1)]
    public void Above_is_some_5_mm_away_in_thin_slices_and_the_next_slice_in_thick_ones(double spacingMm, int slicesAway)
    {
        var geometry = Stacks.Axial(16, 16, 9, sliceSpacingMm: spacingMm);
        var mask = geometry.MaskOf((4, 5, 0, HemorrhageType.Ich));

        Assert.Equal((2 + HalfProbability) / 3, Support(geometry, mask, (4, 5, 0, 200), (4, 5, slicesAway, Half)), 5);
        Assert.Equal(2.0 / 3, Support(geometry, mask, (4, 5, 0, 200), (4, 5, slicesAway + 1, Half)), 5);
    }

    [Fact]
    public void Above_is_along_the_normal_in_a_stack_that_the_gantrys_tilt_sheared()
    {
        // 5 mm along the table are 2.5 mm within the plane at 30°, and 4.33 mm along the normal.
        var geometry = Stacks.Tilted(16, 16, 2, degrees: 30, spacingMm: 0.5, tableStepMm: 5);
        var (own, above) = (geometry.ToLpsMm(4, 8, 0), geometry.ToLpsMm(4, 13, 1));
        Assert.True((above - own - (geometry.Normal * (5 * Math.Cos(Math.PI / 6)))).Length < 1e-9);

        Assert.Equal((2 + HalfProbability) / 3, Support(geometry, geometry.MaskOf((4, 8, 0, HemorrhageType.Ich)), (4, 8, 0, 200), (4, 13, 1, Half)), 5);
    }

    [Fact]
    public void Places_outside_of_the_slice_above_hold_nothing()
    {
        var geometry = Stacks.Even(8, 8, 2, Stacks.Left, Stacks.Posterior, new Vector3D(3, -20, 5));

        Assert.Equal(2.0 / 3, Support(geometry, geometry.MaskOf((0, 0, 0, HemorrhageType.Ich), (1, 0, 0, HemorrhageType.Ich)), (0, 0, 0, 200), (1, 0, 0, 200)), 5);
    }

    [Theory]
    [InlineData(7, 1)]
    [InlineData(11, 0)]
    public void Blood_goes_on_within_3_mm_sideways_and_no_further(int column, double expected)
    {
        // 4 and 8 pixels of 0.5 mm.
        var geometry = Stacks.Even(24, 24, 3, Stacks.Left, Stacks.Posterior, Stacks.Superior * 5, 0.5, 0.5);
        var mask = geometry.MaskOf((3, 5, 1, HemorrhageType.Sdh));

        Assert.Equal(expected / 2, Of(geometry, mask, (column, 5, 2, 200)).Support.GoingOn(Of(geometry, mask).Lesion), 9);
        Assert.Equal(expected, Of(geometry, mask, (column, 5, 2, 200), (column, 5, 0, 200)).Support.GoingOn(Of(geometry, mask).Lesion), 9);
    }

    [Fact]
    public void In_a_stack_of_one_slice_nothing_goes_on()
    {
        var geometry = Stacks.Axial(16, 16, 1);
        var (support, lesion) = Of(geometry, geometry.MaskOf((1, 1, 0, HemorrhageType.Ich)), (1, 1, 0, 200));

        Assert.Equal(0, support.GoingOn(lesion));
    }

    private static double Support(VolumeGeometry geometry, LabelVolume mask, params (int Column, int Row, int Slice, byte Level)[] levels)
    {
        var (support, lesion) = Of(geometry, mask, levels);
        return support.Of(lesion).WithNeighbours;
    }

    private static (LesionSupport Support, ConnectedLesion Lesion) Of(
        VolumeGeometry geometry, LabelVolume mask, params (int Column, int Row, int Slice, byte Level)[] levels)
    {
        var all = new byte[geometry.VoxelCount];
        foreach (var (column, row, slice, level) in levels)
        {
            all[(((slice * geometry.Rows) + row) * geometry.Columns) + column] = level;
        }

        return (new LesionSupport(new(geometry, all)), ConnectedLesions.Find(mask).Single());
    }
}
