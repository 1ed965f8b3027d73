using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Volumes;
using HemoApi.Training.Backgrounds;

namespace HemoApi.Training.Tests.Backgrounds;

public class CranialCavityTests
{
    private const int Size = 256;
    private const double SpacingMm = 0.9;

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Depth_is_the_distance_to_the_inner_table_of_a_phantom(ulong seed)
    {
        var head = PhantomFactory.Create(seed, []);
        var (hu, geometry) = Slice(head, zMm: 25);
        var slice = CranialCavity.Find(hu, Size, Size, SpacingMm);

        Assert.NotNull(slice);
        var depthMm = Array.ConvertAll(DistanceTransform.ToOutside(slice.Cavity, Size, Size), pixels => pixels * SpacingMm);
        var compared = 0;
        for (var i = 0; i < hu.Length; i++)
        {
            var inner = head.InnerTable.SignedDistanceMm(head.Pose.ToHead(geometry.ToLpsMm(i % Size, i / Size, 0)));
            Assert.True(inner > -1.5 || depthMm[i] > 0, $"{-inner:F1} mm inside of the inner table, and not in the cavity");
            Assert.True(inner < 1.5 || depthMm[i] == 0, $"{inner:F1} mm outside of the inner table, and in the cavity");

            // Near the wall the distance in the plane is little more than the distance in space.
            if (inner is < -1.5 and > -6)
            {
                Assert.InRange(depthMm[i], -inner - 1.5, (-inner * 1.35) + 2);
                compared++;
            }
        }

        Assert.True(compared > 500);
    }

    [Fact]
    public void A_slice_without_a_closed_skull_is_no_background()
    {
        var soft = new float[Size * Size];
        for (var i = 0; i < soft.Length; i++)
        {
            var (y, x) = ((i / Size) - 128, (i % Size) - 128);
            soft[i] = (x * x) + (y * y) < 80 * 80 ? 40 : -1000;
        }

        Assert.Null(CranialCavity.Find(soft, Size, Size, SpacingMm));
    }

    internal static (float[] Hu, VolumeGeometry Geometry) Slice(HeadPhantom head, double zMm)
    {
        var half = Size / 2 * SpacingMm;
        var middle = head.Pose.ToLpsMm(new(0, 0, zMm));
        var geometry = new VolumeGeometry(Size, Size, new(1, 0, 0), new(0, 1, 0), SpacingMm, SpacingMm, [new(middle - new Vector3D(half, half, 0), 1)]);
        var (image, _) = PhantomRenderer.Render(head, ScannerSettings.Ideal, geometry);
        return ([.. image.Hounsfield.Select(v => (float)v)], geometry);
    }
}
