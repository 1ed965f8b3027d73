using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Quantification;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Quantification;

/// <summary>In a spherical skull a lens or crescent is exactly as thick as it was made, along the normal of the inner table.</summary>
public sealed class MaximalThicknessTests
{
    private const double Radius = 70;
    private static readonly Ellipsoid Sphere = new(default, new Vector3D(Radius, Radius, Radius));

    public static TheoryData<HemorrhageType, double, double, double> Cases => new()
    {
        { HemorrhageType.Edh, 18, 0, 3 },
        { HemorrhageType.Edh, 18, 30, 3 },
        { HemorrhageType.Edh, 25, 15, 5 },
        { HemorrhageType.Sdh, 6, 0, 3 },
        { HemorrhageType.Sdh, 12, 20, 5 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_collection_against_a_round_skull_is_as_thick_as_it_was_made(HemorrhageType type, double thicknessMm, double elevationDegrees, double sliceMm)
    {
        var (sin, cos) = Math.SinCos(elevationDegrees * Math.PI / 180);
        var direction = new Vector3D(cos * 0.8, cos * 0.6, sin);
        var lesion = type == HemorrhageType.Edh
            ? PhantomLesion.Extradural(Sphere, direction, thicknessMm / Radius, 28, 70)
            : PhantomLesion.Subdural(Sphere, direction, thicknessMm / Radius, 60, 70);

        var measured = Assert.Single(Heads.With(Sphere, Heads.Upright, lesion).Measured(sliceMm).Lesions, l => l.Type == type && l.VolumeMl > 1);

        Assert.InRange(measured.MaximalThicknessMm!.Value, thicknessMm - 1.2, thicknessMm + 1.2);
    }

    [Fact]
    public void An_intracerebral_lesion_has_no_thickness()
    {
        var body = new Ellipsoid(new Vector3D(58, 0, 0), new Vector3D(8, 8, 8));

        var measured = Assert.Single(Heads.With(Sphere, Heads.Upright, PhantomLesion.Intracerebral(body, 70)).Measured().Lesions);

        Assert.Null(measured.MaximalThicknessMm);
    }

    [Fact]
    public void A_collection_away_from_bone_has_no_thickness()
    {
        var geometry = Heads.Stack(3);
        var (image, _) = PhantomRenderer.Render(Heads.With(Sphere, Heads.Upright), ScannerSettings.Ideal, geometry);
        var mask = geometry.DrawMask(p => p.InEllipsoid(default, 4, 40, 20) ? HemorrhageType.Sdh : null);

        Assert.Null(Assert.Single(LesionQuantifier.Measure(image, mask).Lesions).MaximalThicknessMm);
    }
}
