using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Phantoms;
using HemoApi.Training.Backgrounds;

namespace HemoApi.Training.Tests.Backgrounds;

public class LesionPainterTests
{
    private const int Size = 256;
    private const double SpacingMm = 0.5;

    [Fact]
    public void Every_labelled_pixel_lies_in_the_cavity_and_most_are_brighter_than_they_were()
    {
        var slice = Background();
        var (labelled, brighter) = (0, 0);
        var types = new HashSet<byte>();
        for (var seed = 1UL; seed <= 40; seed++)
        {
            var random = new PhantomRandom(seed);
            var crop = new BackgroundCrop(random, slice, Size, SpacingMm);
            var before = (float[])crop.Hu.Clone();
            var painter = new LesionPainter(random, crop);
            painter.PaintHemorrhages();
            for (var i = 0; i < before.Length; i++)
            {
                if (painter.Labels[i] == 0)
                {
                    continue;
                }

                Assert.True(crop.DepthMm[i] > 0);
                types.Add(painter.Labels[i]);
                labelled++;
                brighter += crop.Hu[i] > before[i] ? 1 : 0;
            }
        }

        Assert.Equal([.. HemorrhageTypes.All.Select(t => (byte)t)], types.Order());
        Assert.True(labelled > 5000);
        Assert.InRange(brighter / (double)labelled, 0.9, 1);
    }

    [Fact]
    public void A_crescent_is_as_thick_below_the_inner_table_as_asked_and_ends_where_its_angle_ends()
    {
        var crop = new BackgroundCrop(new PhantomRandom(3), Background(), 512, SpacingMm);
        var random = new PhantomRandom(9);
        var anchor = crop.PixelAt(random, 0.4, 2)!.Value;
        var (left, posterior) = crop.FromMiddleMm(anchor);
        const double ThicknessMm = 10;
        var shape = LesionShapes.Crescent(random, crop, anchor, ThicknessMm, halfAngle: 0.8);
        var thickest = 0f;
        for (var i = 0; i < shape.Length; i++)
        {
            if (shape[i] <= 0)
            {
                continue;
            }

            var (x, y) = crop.FromMiddleMm(i);
            Assert.InRange(Math.Abs(Math.IEEERemainder(Math.Atan2(y, x) - Math.Atan2(posterior, left), 2 * Math.PI)), 0, 0.8);
            thickest = Math.Max(thickest, crop.DepthMm[i]);
        }

        // 30 % of ripple and a little roughness.
        Assert.InRange(thickest, ThicknessMm * 0.7, (ThicknessMm * 1.3) + 2);
    }

    [Fact]
    public void What_only_looks_like_blood_gets_no_label()
    {
        var slice = Background();
        for (var seed = 1UL; seed <= 10; seed++)
        {
            var random = new PhantomRandom(seed);
            var crop = new BackgroundCrop(random, slice, Size, SpacingMm);
            var before = (float[])crop.Hu.Clone();
            var painter = new LesionPainter(random, crop);
            painter.PaintLookalikes();
            ScannerFinish.Apply(random, crop);
            Assert.DoesNotContain(painter.Labels, label => label != 0);
            Assert.NotEqual(before, crop.Hu);
        }
    }

    private static BackgroundSlice Background()
    {
        var (hu, _) = CranialCavityTests.Slice(PhantomFactory.Create(21, []), zMm: 20);
        return CranialCavity.Find(hu, 256, 256, 0.9) ?? throw new InvalidOperationException("the phantom has no cavity");
    }
}
