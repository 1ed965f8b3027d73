using HemoApi.Imaging.Evaluation;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Evaluation;

public sealed class SurfaceDistancesTests
{
    [Fact]
    public void Two_ellipsoids_have_the_distances_and_overlaps_of_SciPy()
    {
        // The same shapes and grid as in statistics.py.
        var geometry = Stacks.Even(64, 60, 24, Stacks.Left, Stacks.Posterior, Stacks.Superior * 2.5, 0.9, 0.7);
        var mask = geometry.DrawMask(p => p.InEllipsoid(new(22, 27, 30), 12, 14, 18) ? HemorrhageType.Sdh : null);
        var reference = geometry.DrawMask(p => p.InEllipsoid(new(24, 25, 31), 11, 16, 17) ? HemorrhageType.Sdh : null);

        var distances = SurfaceDistances.Between(mask, reference, HemorrhageType.Sdh)!;
        var agreement = MaskAgreement.Compare(mask, reference).Single(a => a.Type == HemorrhageType.Sdh);

        Same("surface", distances.Hausdorff95Mm, distances.HausdorffMm, distances.MeanMm);
        Same("overlap", agreement.Dice!.Value, agreement.Iou!.Value, agreement.Precision!.Value, agreement.Recall!.Value);
    }

    [Fact]
    public void On_a_tilted_stack_distances_are_those_in_space()
    {
        // Single voxels on neighbouring slices: the table moves 5 mm along Z and the pixel stays.
        var geometry = Stacks.Tilted(10, 10, 3, 20, spacingMm: 0.5, tableStepMm: 5);
        var mask = geometry.MaskOf((4, 4, 0, HemorrhageType.Ich));
        var reference = geometry.MaskOf((4, 4, 1, HemorrhageType.Ich));

        Assert.Equal(new SurfaceDistances(5, 5, 5), SurfaceDistances.Between(mask, reference, HemorrhageType.Ich));
    }

    [Fact]
    public void Equal_masks_are_no_distance_apart_and_an_empty_one_has_none()
    {
        var geometry = Stacks.Axial(12, 12, 4);
        var mask = geometry.DrawMask(p => p.X is > 3 and < 8 && p.Y > 6 ? HemorrhageType.Edh : null);

        Assert.Equal(new SurfaceDistances(0, 0, 0), SurfaceDistances.Between(mask, mask, HemorrhageType.Edh));
        Assert.Null(SurfaceDistances.Between(mask, geometry.MaskOf(), HemorrhageType.Edh));
        Assert.Null(SurfaceDistances.Between(mask, mask, HemorrhageType.Ich));
    }

    private static void Same(string name, params double[] values) =>
        Assert.All(values.Zip(ReferenceValues.Of(name)), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
}
