using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Quantification;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Quantification;

/// <summary>The head frame's x axis points to the head's left, whatever its pose in the scanner: its plane x = 0 is the truth.</summary>
public sealed class LesionSideTests
{
    // As long as a skull and higher than wide: about an axis on which its section is a circle, nothing could tell how it is turned.
    private static readonly Ellipsoid Skull = new(default, new Vector3D(60, 84, 74));

    public static TheoryData<double, double, double> Poses => new()
    {
        { 0, 0, 0 },
        { 12, -5, 7 },
        { -25, 10, -4 },
        { 8, 0, 14 },
    };

    [Theory]
    [MemberData(nameof(Poses))]
    public void The_plane_is_the_heads_own_however_it_lies(double yaw, double pitch, double roll)
    {
        var pose = new HeadPose(yaw, pitch, roll, new Vector3D(9, -6, 3));
        var head = Heads.With(Skull, pose, Ball(30), Ball(-30), Ball(0));

        var quantities = head.Measured();

        var plane = quantities.SymmetryPlane!;
        var normal = pose.DirectionToHead(plane.NormalLps);
        Assert.InRange(Math.Acos(normal.X) * 180 / Math.PI, 0, 1.5);
        Assert.InRange(pose.ToHead(plane.PointLpsMm).Dot(normal), -1.0, 1.0);
        Assert.InRange(plane.Agreement, 0.85, 1);
        Assert.All(quantities.Lesions, lesion =>
        {
            var x = pose.ToHead(lesion.CentroidLpsMm).X;
            Assert.Equal(x > 10 ? Side.Left : x < -10 ? Side.Right : Side.Midline, lesion.Side!.Side);
            Assert.InRange(lesion.Side.Confidence, 0.9, 1);
            Assert.InRange(lesion.Side.LeftShare, x > 10 ? 0.99 : x < -10 ? 0 : 0.35, x > 10 ? 1 : x < -10 ? 0.01 : 0.65);
        });
    }

    [Fact]
    public void The_closer_a_lesion_comes_to_the_midline_the_less_certain_is_its_side()
    {
        var confidences = ((double[])[20, 5, 4]).Select(x =>
        {
            var side = Assert.Single(Heads.With(Skull, Heads.Upright, Ball(x)).Measured().Lesions).Side!;
            Assert.Equal(Side.Left, side.Side);
            return side.Confidence;
        }).ToList();

        Assert.Equal(confidences.OrderDescending(), confidences);
        Assert.True(confidences[0] > 0.999);
        Assert.InRange(confidences[2], 0.5, 0.995);
    }

    [Fact]
    public void Without_a_skull_there_is_no_side()
    {
        var geometry = Stacks.Axial(60, 60, 10);
        var mask = geometry.DrawMask(p => p.InEllipsoid(new Vector3D(20, 30, 5), 5, 5, 3) ? HemorrhageType.Ich : null);

        var quantities = LesionQuantifier.Measure(geometry.Water(), mask);

        Assert.Null(quantities.SymmetryPlane);
        Assert.Null(Assert.Single(quantities.Lesions).Side);
    }

    private static PhantomLesion Ball(double x) => PhantomLesion.Intracerebral(new Ellipsoid(new Vector3D(x, 10, 20), new Vector3D(8, 8, 8)), 70);
}
