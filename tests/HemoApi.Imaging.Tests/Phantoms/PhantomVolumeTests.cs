using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Phantoms;

public class PhantomVolumeTests
{
    public static TheoryData<ulong> Seeds => [1, 2, 3];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_analytic_volume_of_every_lesion_is_the_share_of_random_points_inside_it(ulong seed)
    {
        var head = PhantomFactory.Create(seed, HemorrhageTypes.All);
        var random = new PhantomRandom(seed + 77);
        var r = head.InnerTable.RadiiMm;
        const int Points = 2_000_000;
        var hits = new int[4];
        for (var i = 0; i < Points; i++)
        {
            var point = new Vector3D(random.Uniform(-r.X, r.X), random.Uniform(-r.Y, r.Y), random.Uniform(-r.Z, r.Z));
            foreach (var lesion in head.Lesions)
            {
                hits[(int)lesion.Type] += lesion.SignedDistanceMm(point) < 0 ? 1 : 0;
            }
        }

        foreach (var type in HemorrhageTypes.All)
        {
            var share = hits[(int)type] / (double)Points;
            var boxMl = 8 * r.X * r.Y * r.Z / 1000;
            var standardErrorMl = boxMl * Math.Sqrt(share * (1 - share) / Points);
            Assert.InRange(head.VolumeMl(type), (share * boxMl) - (5 * standardErrorMl), (share * boxMl) + (5 * standardErrorMl));
        }
    }

    [Fact]
    public void Half_a_unit_sphere_is_cut_off_by_a_very_large_sphere_through_its_centre()
    {
        Assert.Equal(2.0 / 3 * Math.PI, PhantomLesion.LensOfUnitSphere(10_000, 10_000), 3);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Rendered_labels_hold_the_analytic_volume_within_five_percent(ulong seed)
    {
        var head = PhantomFactory.Create(seed, HemorrhageTypes.All);
        var geometry = Axial(256, 0.95, 5, 30);
        var (_, labels) = PhantomRenderer.Render(head, ScannerSettings.Ideal, geometry);
        foreach (var type in HemorrhageTypes.All)
        {
            var ml = labels.Labels.Count(l => l == (byte)type) * geometry.PixelAreaMm2 * 5 / 1000;
            Assert.InRange(ml / head.VolumeMl(type), 0.95, 1.05);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_scan_and_another_seed_another()
    {
        var geometry = Axial(64, 3.8, 10, 4);
        short[] Scan(ulong seed) =>
            PhantomRenderer.Render(PhantomFactory.Create(seed), ScannerSettings.Draw(new(seed)), geometry).Image.Hounsfield;

        Assert.Equal(Scan(5), Scan(5));
        Assert.NotEqual(Scan(5), Scan(6));
    }

    [Fact]
    public void Noise_has_the_standard_deviation_that_was_asked_for_whatever_its_texture()
    {
        foreach (var correlation in (double[])[0, 0.5, 1])
        {
            var noise = new float[256 * 256];
            new PhantomNoise(9, ScannerSettings.Ideal with { NoiseHu = 4, NoiseCorrelation = correlation }).Fill(noise, 256, 256);
            Assert.InRange(Math.Sqrt(noise.Average(n => n * n)), 3.8, 4.2);
        }
    }

    [Fact]
    public void Blood_has_its_density_in_the_middle_of_a_lesion()
    {
        var head = PhantomFactory.Create(11, [HemorrhageType.Ich]);
        var lesion = head.Lesions[0];
        var centre = head.Pose.ToLpsMm(lesion.Body.CentreMm);
        var geometry = new VolumeGeometry(1, 1, new(1, 0, 0), new(0, 1, 0), 0.5, 0.5, [new(centre, 1)]);
        var (image, labels) = PhantomRenderer.Render(head, ScannerSettings.Ideal, geometry);
        Assert.Equal(lesion.Hu, image.Hounsfield[0], 0.51);
        Assert.Equal((byte)HemorrhageType.Ich, labels.Labels[0]);
    }

    private static VolumeGeometry Axial(int size, double spacingMm, double thicknessMm, int slices) => new(
        size, size, new(1, 0, 0), new(0, 1, 0), spacingMm, spacingMm,
        [.. Enumerable.Range(0, slices).Select(k => new SlicePlane(
            new(-size * spacingMm / 2, -size * spacingMm / 2, (k - ((slices - 1) / 2.0)) * thicknessMm), thicknessMm))]);
}
