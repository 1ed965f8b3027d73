using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Quantification;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Quantification;

public sealed class SurfaceTests
{
    [Theory]
    [InlineData(0.5, 0.5, 0, 0.015)]
    [InlineData(0.5, 1, 0, 0.015)]
    [InlineData(0.5, 2.5, 0, 0.03)]
    [InlineData(0.5, 5, 0, 0.05)]
    [InlineData(0.45, 1.25, 20, 0.02)]
    [InlineData(0.45, 5, 20, 0.06)]
    public void A_sphere_has_its_area_and_a_sphericity_of_one(double spacingMm, double sliceMm, double tiltDegrees, double tolerance)
    {
        const double Radius = 20;
        var geometry = Stack(spacingMm, sliceMm, tiltDegrees, 46);
        var centre = geometry.CentreLpsMm() + new Vector3D(0.2, 0.1, 0.3 * sliceMm);

        var lesion = Measure(geometry, p => (p - centre).Length <= Radius);

        Assert.InRange(lesion.SurfaceAreaMm2 / (4 * Math.PI * Radius * Radius), 1 - tolerance, 1 + tolerance);
        Assert.InRange(lesion.Sphericity, 1 - (2 * tolerance), 1 + (2 * tolerance));
    }

    [Theory]
    [InlineData(1, 12, 30, 0)]
    [InlineData(1, 24, 10, 0)]
    [InlineData(2.5, 12, 30, 30)]
    [InlineData(2.5, 24, 10, 60)]
    public void A_spheroid_has_the_area_of_the_closed_form_whichever_way_it_leans(double sliceMm, double equator, double pole, double leanDegrees)
    {
        var geometry = Stack(0.5, sliceMm, 0, 70);
        var centre = geometry.CentreLpsMm() + new Vector3D(0.2, 0.1, 0.1);
        var (sin, cos) = Math.SinCos(leanDegrees * Math.PI / 180);
        var axis = new Vector3D(sin, 0, cos);

        var lesion = Measure(geometry, p =>
        {
            var (d, along) = (p - centre, (p - centre).Dot(axis));
            return ((d.Dot(d) - (along * along)) / (equator * equator)) + (along * along / (pole * pole)) <= 1;
        });

        // Areas of a prolate and an oblate spheroid (Weisstein, MathWorld).
        var e = Math.Sqrt(1 - (Math.Min(equator, pole) * Math.Min(equator, pole) / Math.Pow(Math.Max(equator, pole), 2)));
        var area = pole > equator
            ? 2 * Math.PI * equator * (equator + (pole * Math.Asin(e) / e))
            : (2 * Math.PI * equator * equator) + (Math.PI * pole * pole / e * Math.Log((1 + e) / (1 - e)));
        Assert.InRange(lesion.SurfaceAreaMm2 / area, 0.96, 1.04);
        var sphere = Math.PI * Math.Pow(8 * equator * equator * pole, 2.0 / 3);
        Assert.InRange(lesion.Sphericity / (sphere / area), 0.96, 1.04);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2.5)]
    public void The_longest_diameter_is_that_of_the_ellipsoid_in_space(double sliceMm)
    {
        // The long axis leans by 40 degrees out of the slices.
        var geometry = Stack(0.5, sliceMm, 0, 80);
        var centre = geometry.CentreLpsMm() + new Vector3D(0.2, 0.1, 0.1);
        var axis = new Vector3D(Math.Cos(0.7), 0, Math.Sin(0.7));

        var lesion = Measure(geometry, p =>
        {
            var (d, along) = (p - centre, (p - centre).Dot(axis));
            return ((d.Dot(d) - (along * along)) / (11 * 11)) + (along * along / (30 * 30)) <= 1;
        });

        Assert.InRange(lesion.LongestDiameterMm, 60 - sliceMm, 60.6);
    }

    [Fact]
    public void A_single_voxel_has_measures_that_are_numbers()
    {
        var geometry = Stacks.Axial(9, 9, 3, spacingMm: 0.5, sliceSpacingMm: 5);

        var lesion = Assert.Single(LesionQuantifier.Measure(geometry.Water(), geometry.MaskOf((4, 4, 1, HemorrhageType.Sdh))).Lesions);

        Assert.InRange(lesion.SurfaceAreaMm2, 1, 10.5);
        Assert.InRange(lesion.Sphericity, 0.1, 1.2);
        Assert.InRange(lesion.LongestDiameterMm, 0.1, 0.6);
        Assert.Null(lesion.MaximalThicknessMm);
        Assert.Null(lesion.Side);
    }

    private static VolumeGeometry Stack(double spacingMm, double sliceMm, double tiltDegrees, double heightMm)
    {
        var (pixels, slices) = ((int)(78 / spacingMm), (int)(heightMm / sliceMm) + 3);
        return tiltDegrees == 0
            ? Stacks.Axial(pixels, pixels, slices, spacingMm, sliceMm)
            : Stacks.Tilted(pixels, pixels, slices + 4, tiltDegrees, spacingMm, sliceMm);
    }

    private static Lesion Measure(VolumeGeometry geometry, Func<Vector3D, bool> inside) =>
        Assert.Single(LesionQuantifier.Measure(geometry.Water(), geometry.DrawMask(p => inside(p) ? HemorrhageType.Ich : null)).Lesions);
}
