using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Volumes;
using HemoApi.Training.Backgrounds;
using HemoApi.Training.Painting;

namespace HemoApi.Training.Tests.Painting;

public class BloodShapeTests
{
    private static readonly HeadField Head = BallHead.Instance;
    private static readonly Vector3D OnTheLeft = new(58.5, 0, 0);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_lens_is_as_thick_as_asked_in_its_middle_and_ends_at_its_half_length(ulong seed)
    {
        var lens = new ExtraduralLens(new(seed), Head, OnTheLeft, thicknessMm: 14, halfLengthMm: 30) { EdgeMm = 1, Density = Blood() };
        Assert.True(Inside(lens, new(60 - 12, 0, 0)));
        Assert.False(Inside(lens, new(60 - 17, 0, 0)));
        Assert.False(Inside(lens, new(-55, 0, 0)), "not on the other side of the head");
        Assert.All(PointsInside(lens), point =>
        {
            Assert.True(Head.At(point).DepthMm < 14 * 1.4);
            Assert.True((point - OnTheLeft).Length < 30 * 1.3 + 14);
        });
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void A_crescent_stays_on_its_side_of_the_falx_and_follows_the_inner_table(ulong seed)
    {
        var crescent = new SubduralCrescent(new(seed), Head, OnTheLeft, thicknessMm: 8, halfAngle: 1.4, halfHeightMm: 40) { EdgeMm = 1, Density = Blood() };
        var points = PointsInside(crescent);
        Assert.True(points.Count > 200);
        Assert.All(points, point => Assert.True(point.X > -1.5));
        Assert.All(points, point => Assert.True(Head.At(point).DepthMm < 8 * 2));
        Assert.Contains(points, point => Math.Abs(Math.Atan2(point.Y, point.X)) > 0.9);
    }

    [Fact]
    public void Tissue_around_a_ball_of_blood_gives_way_by_the_volume_it_displaces()
    {
        const double Radius = 15;
        var ball = new IntracerebralBlood(new(6), default, Radius, roughness: 0, satellites: 0, pressure: 0.6, ventricleReachMm: 0) { EdgeMm = 1, Density = Blood() };
        foreach (var distance in (double[])[16, 20, 30, 45])
        {
            var point = new Vector3D(0.6, 0.48, 0.64) * distance;
            var before = (point + ball.PushMm(point, depthMm: 30)).Length;
            Assert.Equal(0.6 * Math.Pow(Radius, 3), Math.Pow(distance, 3) - Math.Pow(before, 3), 1e-6);
        }
    }

    [Fact]
    public void The_brain_under_a_layer_of_blood_gives_way_by_its_thickness_and_deep_brain_stays()
    {
        var layer = new CsfLayer(new(7), Head, thicknessMm: 5) { EdgeMm = 1, Density = Blood() };
        foreach (var depth in (double[])[6, 10, 20, 40])
        {
            var point = new Vector3D(0, BallHead.CavityMm - depth, 0);
            var push = layer.PushMm(point, depth);
            Assert.True(push.Y >= 0 && Math.Abs(push.X) < 0.3 * (push.Y + 0.1), "towards the skull");
            Assert.True(push.Length < depth);
            Assert.True(depth < 40 ? push.Length > 0.2 : push.Length < 2.5);
        }
    }

    [Fact]
    public void Under_a_rigid_layer_the_brain_stays_where_it_was()
    {
        var point = new Vector3D(0, BallHead.CavityMm - 6, 0);
        Assert.True(new CsfLayer(new(7), Head, thicknessMm: 5) { EdgeMm = 1, Density = Blood() }.PushMm(point, depthMm: 6).Length > 1);
        Assert.Equal(default, new CsfLayer(new(7), Head, thicknessMm: 5) { EdgeMm = 1, Density = Blood(), Rigid = true }.PushMm(point, depthMm: 6));
    }

    private static BloodDensity Blood() => new(new(1), 60, 0);

    private static bool Inside(HeadInsert insert, Vector3D point) => insert.InsideMm(point, Head.At(point)) > 0;

    private static List<Vector3D> PointsInside(HeadInsert insert)
    {
        var random = new PhantomRandom(9);
        return [.. Enumerable.Range(0, 60_000)
            .Select(_ => random.Direction() * (BallHead.CavityMm * Math.Cbrt(random.NextDouble())))
            .Where(point => Head.At(point).DepthMm > 0 && Inside(insert, point))];
    }
}
