using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Volumes;
using HemoApi.Training.Painting;

namespace HemoApi.Training.Tests.Painting;

public class SceneRangesTests
{
    [Fact]
    public void Wide_scenes_show_poses_sizes_and_densities_that_usual_ones_never_do()
    {
        var usual = Scenes(SceneRanges.Usual);
        var wide = Scenes(SceneRanges.Wide);
        Assert.DoesNotContain(usual, scene => scene.Scale.Y < 0);
        Assert.InRange(wide.Count(scene => scene.Scale.Y < 0), 10, 60);
        Assert.True(wide.Min(scene => Math.Abs(scene.Scale.Y)) < usual.Min(scene => scene.Scale.Y) - 0.05);
        Assert.True(wide.Max(scene => Math.Abs(scene.Scale.Y)) > usual.Max(scene => scene.Scale.Y) + 0.05);
        Assert.True(Spread(wide.ConvertAll(BloodHu)) > 1.3 * Spread(usual.ConvertAll(BloodHu)));
    }

    [Fact]
    public void Blood_of_wide_scenes_is_still_brighter_than_their_cortex() =>
        Assert.All(Scenes(SceneRanges.Wide with { MottleHu = 0 }), scene => Assert.True(BloodHu(scene) >= scene.Contrast.CortexHu + 9.99));

    [Fact]
    public void Coarse_noise_is_alike_in_neighbouring_pixels()
    {
        var quiet = SceneRanges.Usual with { SofterShare = 0 };
        Assert.True(Neighbours(quiet with { CoarseNoiseShare = 1 }) > Neighbours(quiet) + 0.15);
    }

    [Fact]
    public void Through_a_display_window_nothing_is_brighter_than_its_upper_end()
    {
        var bone = Finished(SceneRanges.Usual, 40, middleMm: 63).Hu.Max();
        var windowed = Finished(SceneRanges.Usual with { WindowedShare = 1 }, 40, middleMm: 63).Hu;
        Assert.True(bone > 700);
        Assert.InRange(windowed.Max(), 80, 160);
        Assert.InRange(windowed.Min(), -60, 80);
    }

    private static List<HeadScene> Scenes(SceneRanges ranges) =>
        [.. Enumerable.Range(0, 300).Select(seed => SceneFactory.Draw(new PhantomRandom((ulong)seed), BallHead.Instance, ranges, [HemorrhageType.Edh]))];

    /// <summary>Above its middle, where no level has formed.</summary>
    private static double BloodHu(HeadScene scene)
    {
        var blood = scene.Inserts.Single(insert => insert.Type is not null);
        return blood.Density.HuAt(blood.MiddleMm + new Vector3D(0, 30, 0), blood.MiddleMm);
    }

    private static double Spread(List<double> values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }

    /// <summary>Mean correlation of pixels side by side in the middle of slices of nothing but brain.</summary>
    private static double Neighbours(SceneRanges ranges) => Enumerable.Range(0, 12).Average(n =>
    {
        var section = Finished(ranges, (ulong)n + 40, middleMm: 0);
        var mean = section.Hu.Average();
        var pairs = Enumerable.Range(0, section.Hu.Length).Where(i => i % section.Columns < section.Columns - 1).ToList();
        return pairs.Average(i => (section.Hu[i] - mean) * (section.Hu[i + 1] - mean)) / section.Hu.Average(v => (v - mean) * (v - mean));
    });

    /// <param name="middleMm">Of the field of 32 mm, to the left.</param>
    private static HeadSection Finished(SceneRanges ranges, ulong seed, double middleMm)
    {
        const int Side = 64;
        const double Half = Side * 0.5 / 2;
        var random = new PhantomRandom(seed);
        var scene = new HeadScene
        {
            Head = BallHead.Instance, Pose = new(0, 0, 0, default), Scale = new(1, 1, 1), Warp = new(random), Contrast = new(random), Inserts = [],
        };
        var section = HeadSection.Render(scene, new(Side, Side, new(1, 0, 0), new(0, 1, 0), 0.5, 0.5, [new(new(middleMm - Half, -Half, 0), 5)]), 0);
        new ScannerFinish(random, ranges).Apply(section, random);
        return section;
    }
}
