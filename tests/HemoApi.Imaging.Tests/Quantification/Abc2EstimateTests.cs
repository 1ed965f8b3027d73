using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Quantification;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Quantification;

public sealed class Abc2EstimateTests
{
    /// <summary>C of an ellipsoid with Kothari's weights: its area falls as 1 − (z/h)², to 75 % at h/2 and to 25 % at h·√0.75.</summary>
    private const double ShareOfHeight = 0.5 + (0.5 * (0.8660254037844386 - 0.5));

    [Theory]
    [InlineData(0, 0.5, 0)]
    [InlineData(17, 0.5, 0)]
    [InlineData(45, 0.43, 0)]
    [InlineData(80, 0.6, 0)]
    [InlineData(30, 0.5, 18.5)]
    public void An_ellipsoid_in_any_turn_and_tilt_has_its_diameters(double turnDegrees, double spacingMm, double tiltDegrees)
    {
        var (a, b, c) = (27.0, 18.0, 20.0);
        var geometry = tiltDegrees == 0
            ? Stacks.Axial(160, 160, 61, spacingMm, 1)
            : Stacks.Tilted(160, 160, 61, tiltDegrees, spacingMm, 1 / Math.Cos(tiltDegrees * Math.PI / 180));
        var centre = geometry.CentreLpsMm() + new Vector3D(0.13, 0.21, 0.04);
        var (sin, cos) = Math.SinCos(turnDegrees * Math.PI / 180);
        var mask = geometry.DrawMask(p =>
        {
            // The axes lie in the planes of the slices and along their normal, as on a tilted scan.
            var d = p - centre;
            var (x, y, z) = (d.Dot(geometry.RowDirection), d.Dot(geometry.ColumnDirection), d.Dot(geometry.Normal));
            var (u, v) = ((x * cos) + (y * sin), (y * cos) - (x * sin));
            return (u * u / (a * a)) + (v * v / (b * b)) + (z * z / (c * c)) <= 1 ? HemorrhageType.Ich : null;
        });

        var estimate = Assert.Single(LesionQuantifier.Measure(geometry.Water(), mask).Lesions).Abc2!;

        Assert.InRange(estimate.AMm / (2 * a), 0.99, 1.01);
        Assert.InRange(estimate.BMm / (2 * b), 0.99, 1.01);
        Assert.InRange(estimate.CMm / (2 * c * ShareOfHeight), 0.97, 1.03);
        Assert.Equal(estimate.AMm * estimate.BMm * estimate.CMm / 2000, estimate.VolumeMl, 1e-9);
    }

    [Fact]
    public void Slices_count_whole_half_or_not_by_their_share_of_the_largest_area()
    {
        // Blocks of 20 × 20, 16 × 16 (64 %), 18 × 18 (81 %), 10 × 10 (25 %) and 9 × 9 (20 %) on slices with extents of 5, 5, 6, 7, 7 mm.
        var geometry = Stacks.AxialAt(columns: 40, rows: 40, spacingMm: 1, thicknessMm: 5, 0, 5, 10, 17, 24);
        int[] sides = [20, 16, 18, 10, 9];
        var mask = geometry.MaskOf([.. sides.SelectMany((side, slice) =>
            Enumerable.Range(0, side * side).Select(i => (5 + (i % side), 5 + (i / side), slice, HemorrhageType.Ich)))]);

        var estimate = Assert.Single(LesionQuantifier.Measure(geometry.Water(), mask).Lesions).Abc2!;

        Assert.Equal(geometry.SliceExtentMm(0) + (geometry.SliceExtentMm(1) / 2) + geometry.SliceExtentMm(2) + (geometry.SliceExtentMm(3) / 2), estimate.CMm, 1e-9);
    }

    [Fact]
    public void It_is_not_offered_for_extra_axial_blood()
    {
        var geometry = Stacks.Axial(8, 8, 3);
        var mask = geometry.MaskOf((2, 2, 1, HemorrhageType.Edh), (5, 5, 1, HemorrhageType.Sdh), (2, 6, 1, HemorrhageType.Ich));

        var lesions = LesionQuantifier.Measure(geometry.Water(), mask).Lesions;

        Assert.All(lesions, lesion => Assert.Equal(lesion.Type == HemorrhageType.Ich, lesion.Abc2 is not null));
    }

    [Fact]
    public void The_perpendicular_diameter_stays_inside_of_the_lesion()
    {
        // A bar of 30 × 3 with a knob of 3 × 9 at its middle: the knob's column is the longest line across.
        var geometry = Stacks.Axial(50, 50, 1);
        var mask = geometry.DrawMask(p => (p.X is >= 10 and <= 39 && p.Y is >= 20 and <= 22) || (p.X is >= 24 and <= 26 && p.Y is >= 20 and <= 28)
            ? HemorrhageType.Ich : null);

        var estimate = Assert.Single(LesionQuantifier.Measure(geometry.Water(), mask).Lesions).Abc2!;

        Assert.InRange(estimate.AMm, 29, 30.5);
        Assert.InRange(estimate.BMm, 7.5, 9);
    }
}
