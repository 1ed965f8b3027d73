using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Postprocessing;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Postprocessing;

public class SkullEnclosureTests
{
    private const int Side = 200;
    private const double SkullMm = 70;
    private static readonly VolumeGeometry Geometry = new(
        Side, Side, new(1, 0, 0), new(0, 1, 0), 1, 1, [new(new(-100, -100, 0), 5), new(new(-100, -100, 5), 5)]);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(62, 0)]
    [InlineData(0, -62)]
    public void Blood_within_the_skull_stays(int x, int y) => Assert.Equal(1, LesionsAfter(Ring(_ => true), (x, y)));

    [Theory]
    [InlineData(65)]
    [InlineData(50)]
    [InlineData(0)]
    public void Blood_under_a_bone_flap_of_a_third_of_the_skull_stays(int x) =>
        Assert.Equal(1, LesionsAfter(Ring(angle => Math.Abs(angle) > Math.PI / 3), (x, 0)));

    [Fact]
    public void Muscle_beside_a_vertebra_goes() =>
        Assert.Equal(0, LesionsAfter(Image((x, y) => Math.Sqrt((x * x) + (y * y)) is < 15 and > 8 ? 700 : 50), (35, 10)));

    [Fact]
    public void A_mask_of_which_all_stays_is_the_same_mask()
    {
        var mask = Mask((10, 10));
        Assert.Same(mask, LesionRemoval.Without(mask, lesion => SkullEnclosure.IsOutside(Ring(_ => true), lesion)));
    }

    private static int LesionsAfter(CtVolume image, (int X, int Y) blood) =>
        ConnectedLesions.Find(LesionRemoval.Without(Mask(blood), lesion => SkullEnclosure.IsOutside(image, lesion))).Count;

    private static LabelVolume Mask((int X, int Y) blood)
    {
        var labels = new byte[Geometry.VoxelCount];
        for (var i = 0; i < labels.Length; i++)
        {
            var (x, y) = ((i % Side) - 100 - blood.X, (i / Side % Side) - 100 - blood.Y);
            labels[i] = Math.Abs(x) <= 3 && Math.Abs(y) <= 3 ? (byte)HemorrhageType.Edh : (byte)0;
        }

        return new(Geometry, labels);
    }

    private static CtVolume Ring(Func<double, bool> hasBone) => Image((x, y) =>
    {
        var radius = Math.Sqrt((x * x) + (y * y));
        return radius < SkullMm ? 35 : radius > SkullMm + 6 ? radius < 90 ? 50 : -1000 : hasBone(Math.Atan2(y, x)) ? 900 : 40;
    });

    private static CtVolume Image(Func<double, double, int> hu) =>
        new(Geometry, [.. Enumerable.Range(0, (int)Geometry.VoxelCount).Select(i => (short)hu((i % Side) - 100, (i / Side % Side) - 100))]);
}
