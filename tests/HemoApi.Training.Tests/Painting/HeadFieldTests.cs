using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Volumes;
using HemoApi.Training.Backgrounds;

namespace HemoApi.Training.Tests.Painting;

public class HeadFieldTests
{
    [Fact]
    public void Depth_and_its_direction_are_those_of_the_ball()
    {
        var random = new PhantomRandom(1);
        for (var i = 0; i < 300; i++)
        {
            var direction = random.Direction();
            var radius = random.Uniform(20, 70);
            var point = BallHead.Instance.At(direction * radius);
            Assert.Equal(BallHead.CavityMm - radius, point.DepthMm, 1.2);
            if (radius < 55)
            {
                Assert.InRange(BallHead.Instance.InwardNormal(direction * radius).Dot(direction * -1), 0.95, 1.001);
                Assert.Equal(BallHead.BrainHu, point.Hu, 0.5);
            }
        }
    }

    [Fact]
    public void There_is_air_beside_the_grid()
    {
        Assert.Equal(-1000, BallHead.Instance.At(new(500, 0, 0)).Hu);
        Assert.True(BallHead.Instance.At(new(500, 0, 0)).DepthMm < 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(18)]
    public void A_ct_keeps_the_size_of_its_cavity_whether_the_gantry_was_tilted_or_not(double tiltDegrees)
    {
        var head = PhantomFactory.Create(41, []);
        var tilt = tiltDegrees * Math.PI / 180;
        var down = new Vector3D(0, Math.Cos(tilt), Math.Sin(tilt));
        var middle = head.Pose.OffsetLpsMm - (new Vector3D(1, 0, 0) * 115) - (down * 115);
        var geometry = new VolumeGeometry(
            256, 256, new(1, 0, 0), down, 0.9, 0.9,
            [.. Enumerable.Range(-16, 36).Select(k => new SlicePlane(middle + new Vector3D(0, 0, k * 4), 4))]);
        var field = CtHead.Build(PhantomRenderer.Render(head, ScannerSettings.Ideal, geometry).Image);

        // The width of the ellipsoid, turned by the head's pose, as its support function gives it.
        Assert.NotNull(field);
        var left = head.Pose.DirectionToHead(new(1, 0, 0));
        var radii = head.InnerTable.RadiiMm;
        var halfWidth = new Vector3D(left.X * radii.X, left.Y * radii.Y, left.Z * radii.Z).Length;
        Assert.Equal(2 * halfWidth, field.SurfacePoints.Max(p => p.X) - field.SurfacePoints.Min(p => p.X), 4.0);
        Assert.True(field.InnerPoints.Max(p => field.At(p).DepthMm) > 0.7 * halfWidth);
    }
}
