using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Preprocessing;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Preprocessing;

public sealed class HeadRegionTests
{
    private static readonly ModelInput Input = new("image", FullSize: 256, SizeMultiple: 32, SpacingMm: 1, HuNormalisation.Default);
    private static readonly VolumeGeometry Geometry = Stacks.Axial(256, 256, 30, spacingMm: 1, sliceSpacingMm: 5);

    /// <summary>A head of 75 × 95 × 60 mm half axes, slices 4 to 26 or so.</summary>
    private static readonly Vector3D Centre = new(128, 110, 72);

    [Fact]
    public void The_box_holds_the_head_and_little_more()
    {
        var region = Find(Head);

        Assert.True(region.Box.Row <= 15 && region.Box.Row + region.Box.Height > 205);
        Assert.True(region.Box.Column <= 53 && region.Box.Column + region.Box.Width > 203);
        Assert.Equal((0, 32, 224, 192), (region.Box.Row, region.Box.Column, region.Box.Height, region.Box.Width));
        Assert.InRange(region.FirstSlice, 1, 2);
        Assert.InRange(region.FirstSlice + region.SliceCount, 27, 29);
    }

    [Fact]
    public void A_table_and_a_head_holder_leave_the_box_as_it_is()
    {
        // A shell of 4 mm close around the head, and a table of 3 mm sheets around foam across the whole image.
        bool IsHolder(Vector3D p) => p.Y > 110
            && p.InEllipsoid(Centre, 83, 103, 1000) && !p.InEllipsoid(Centre, 79, 99, 1000);
        bool IsTable(Vector3D p) => p.Y is (> 220 and < 223) or (> 240 and < 243);

        Assert.Equal(Find(Head), Find(p => IsTable(p) || IsHolder(p) ? (short)-100 : Head(p)));
    }

    [Fact]
    public void A_head_that_is_smaller_than_what_lies_beside_it_is_not_lost()
    {
        // Three slices at the vertex over a solid block.
        var block = Stacks.Axial(256, 256, 3, spacingMm: 1, sliceSpacingMm: 5);
        var image = new CtVolume(block, block.Draw(p =>
            p.InEllipsoid(new Vector3D(128, 60, 5), 25, 25, 30) || p.Y > 190 ? (short)0 : (short)-1000));

        var region = HeadRegion.Find(image, new NetworkFrame(block, Input))!.Value;

        Assert.True(region.Box.Row <= 35 && region.Box.Row + region.Box.Height == 256);
    }

    [Fact]
    public void A_head_cut_off_by_the_image_reaches_its_edge()
    {
        var region = Find(p => p.X < 90 ? Head(p with { X = p.X + 90 }) : (short)-1000);

        Assert.Equal(0, region.Box.Column);
    }

    [Fact]
    public void Air_has_no_head() => Assert.Null(HeadRegion.Find(
        new CtVolume(Geometry, Geometry.Draw(_ => (short)-950)), new NetworkFrame(Geometry, Input)));

    private static short Head(Vector3D p) => p.InEllipsoid(Centre, 75, 95, 60) ? (short)35 : (short)-1000;

    private static HeadRegion Find(Func<Vector3D, short> hu) =>
        HeadRegion.Find(new CtVolume(Geometry, Geometry.Draw(hu)), new NetworkFrame(Geometry, Input))!.Value;
}
