using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Volumes;
using HemoApi.Training.Painting;

namespace HemoApi.Training.Tests.Painting;

public class PaintedStudyTests
{
    [Fact]
    public void A_head_without_hemorrhage_has_no_labels()
    {
        var (image, labels) = PaintedStudy.Render(1, BallHead.Instance, SceneRanges.Usual, []);
        Assert.DoesNotContain(labels.Labels, label => label != 0);
        Assert.Contains(image.Hounsfield, hu => hu > 700);
    }

    [Theory]
    [InlineData(HemorrhageType.Ich)]
    [InlineData(HemorrhageType.Edh)]
    [InlineData(HemorrhageType.Sdh)]
    public void Blood_is_of_the_type_asked_for_and_brighter_than_brain(HemorrhageType type)
    {
        var (image, labels) = PaintedStudy.Render(3, BallHead.Instance, SceneRanges.Usual, [type]);
        Assert.Equal([(byte)0, (byte)type], labels.Labels.Distinct().Order());
        var blood = image.Hounsfield.Zip(labels.Labels).Where(v => v.Second != 0).Average(v => v.First);
        Assert.InRange(blood, BallHead.BrainHu + 4, 100);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void The_volume_of_the_labels_is_that_of_the_scene_found_by_random_points(ulong seed)
    {
        var scene = SceneFactory.Draw(new PhantomRandom(seed), BallHead.Instance, SceneRanges.Usual, [HemorrhageType.Ich]);
        const double Reach = 80;
        var geometry = new VolumeGeometry(
            256, 256, new(1, 0, 0), new(0, 1, 0), 0.625, 0.625,
            [.. Enumerable.Range(0, 64).Select(k => new SlicePlane(scene.Pose.OffsetLpsMm + new Vector3D(-Reach, -Reach, (k * 2.5) - Reach), 2.5))]);
        var counted = Enumerable.Range(0, geometry.SliceCount).AsParallel()
            .Sum(slice => HeadSection.Render(scene, geometry, slice).Labels.Count(label => label != 0)) * 0.625 * 0.625 * 2.5;

        // The section adds the scene's warp, which moves points by a few mm and keeps volumes nearly.
        var random = new PhantomRandom(99);
        const int Points = 1_000_000;
        const double Around = 65;
        var middle = scene.ToLpsMm(scene.Inserts.Single(insert => insert.Type is not null).MiddleMm);
        var hits = Enumerable.Range(0, Points).Count(_ =>
        {
            var lps = middle + new Vector3D(random.Uniform(-Around, Around), random.Uniform(-Around, Around), random.Uniform(-Around, Around));
            var head = scene.ToHead(lps);
            return scene.At(head + scene.Warp.DisplacementMm(head)).Label != 0;
        });
        var expected = hits / (double)Points * Math.Pow(2 * Around, 3);
        Assert.True(expected > 500);
        Assert.InRange(counted / expected, 0.93, 1.1);
    }

    [Fact]
    public void The_same_numbers_give_the_same_slice_and_bone_is_never_blood()
    {
        for (ulong seed = 20; seed < 26; seed++)
        {
            var first = PaintedSlice.Draw(new PhantomRandom(seed), BallHead.Instance, 128, 1);
            var second = PaintedSlice.Draw(new PhantomRandom(seed), BallHead.Instance, 128, 1);
            Assert.Equal(first.Hu, second.Hu);
            Assert.Equal(first.Labels, second.Labels);
            Assert.All(first.Labels.Zip(first.DepthMm), pair => Assert.True(pair.First == 0 || pair.Second > -4));
        }
    }
}
