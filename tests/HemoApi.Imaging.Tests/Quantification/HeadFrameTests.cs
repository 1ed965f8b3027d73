using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Quantification;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Quantification;

public sealed class HeadFrameTests
{
    private static readonly Ellipsoid Skull = new(default, new Vector3D(60, 84, 64));

    /// <summary>The bone is 6 mm thick; its outermost hundredth on either side is not counted.</summary>
    private static readonly (double Width, double Length, double Height) Bone = (66, 90, 70);

    public static TheoryData<double, double> Turns => new() { { 0, 0 }, { 15, -6 }, { -20, 8 } };

    [Theory]
    [MemberData(nameof(Turns))]
    public void A_place_is_the_heads_own_however_it_is_turned_and_tilted_sideways(double yaw, double roll)
    {
        var pose = new HeadPose(yaw, 0, roll, new Vector3D(7, -5, 2));
        var (image, _) = PhantomRenderer.Render(Heads.With(Skull, pose), ScannerSettings.Ideal, Heads.Stack(3));
        var head = HeadFrame.Find(image)!;

        HeadPlace At(double left, double posterior, double superior) => head.PlaceOf(pose.ToLpsMm(new(left, posterior, superior)));
        Assert.Equal(0.5, At(0, Bone.Length / 2, 0).Posterior, 0.06);
        Assert.Equal(-0.8, At(30, -0.8 * Bone.Length, 10).Posterior, 0.06);
        Assert.Equal(0.6, At(0.6 * Bone.Width, 0, 10).Lateral, 0.07);
        Assert.Equal(0.6, At(-0.6 * Bone.Width, 20, -10).Lateral, 0.07);
        Assert.Equal(0, At(0, 30, 10).Lateral, 0.05);

        // Up to 5 mm less for the hundredth, and 2 mm for a plane that is found to 2.5°.
        Assert.InRange(At(20, 0, 40).BelowVertexMm, Bone.Height - 40 - 7, Bone.Height - 40 + 2);
        Assert.Equal(60, At(20, 0, -20).BelowVertexMm - At(20, 0, 40).BelowVertexMm, 0.5);
    }

    [Theory]
    [InlineData(95, false)]
    [InlineData(125, true)]
    public void Slices_that_do_not_reach_over_a_head_tell_no_place(double heightMm, bool isKnown)
    {
        var (image, _) = PhantomRenderer.Render(Heads.With(Skull, Heads.Upright), ScannerSettings.Ideal, Heads.Stack(5, heightMm));

        Assert.Equal(isKnown, HeadFrame.Find(image) is not null);
    }

    [Fact]
    public void Where_there_is_no_skull_there_are_no_places() =>
        Assert.Null(HeadFrame.Find(Stacks.Axial(60, 60, 10).Water()));
}
