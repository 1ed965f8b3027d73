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
        const int Side = 64;
        var random = new PhantomRandom((ulong)n + 40);
        var scene = new HeadScene
        {
            Head = BallHead.Instance, Pose = new(0, 0, 0, default), Scale = new(1, 1, 1), Warp = new(random), Contrast = new(random), Inserts = [],
        };
        var section = HeadSection.Render(scene, new(Side, Side, new(1, 0, 0), new(0, 1, 0), 0.5, 0.5, [new(new(-16, -16, 0), 5)]), 0);
        Array.Fill(section.DepthMm, 60);
        new ScannerFinish(random, ranges).Apply(section, random);
        var mean = section.Hu.Average();
        var pairs = Enumerable.Range(0, section.Hu.Length).Where(i => i % Side < Side - 1).ToList();
        return pairs.Average(i => (section.Hu[i] - mean) * (section.Hu[i + 1] - mean)) / section.Hu.Average(v => (v - mean) * (v - mean));
    });
}
