using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Quantification;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Quantification;

public sealed class VolumeUncertaintyTests
{
    [Fact]
    public void A_map_that_fades_outwards_gives_the_volumes_of_its_level_sets()
    {
        // Probability falls linearly from 1 at 10 mm to 0 at 20 mm: level p is the sphere of radius 20 − 10 p, its mean volume an integral.
        var geometry = Stacks.Axial(90, 90, 45, spacingMm: 0.5, sliceSpacingMm: 1);
        var centre = geometry.CentreLpsMm() + new Vector3D(0.1, 0.05, 0.2);
        var levels = geometry.Draw(p => ProbabilityLevels.LevelOf((float)Math.Clamp((20 - (p - centre).Length) / 10, 0, 1)));
        var mask = geometry.DrawMask(p => (p - centre).Length <= 15 ? HemorrhageType.Ich : null);

        var quantities = LesionQuantifier.Measure(geometry.Water(), mask, new ProbabilityLevels(geometry, levels));

        var range = Assert.Single(quantities.Lesions).Uncertainty.FromProbabilities!;
        var expected = Math.PI / 3 / 1000 * (Math.Pow(20, 4) - Math.Pow(10, 4)) / 10;
        Assert.InRange(range.ExpectedMl / expected, 0.995, 1.005);
        Assert.InRange(range.LowMl / Stacks.EllipsoidMl(10.25, 10.25, 10.25), 0.99, 1.01);
        Assert.InRange(range.HighMl / Stacks.EllipsoidMl(19.75, 19.75, 19.75), 0.99, 1.01);
        Assert.Equal(range, quantities.Volumes[0].Uncertainty!.FromProbabilities);
        Assert.Null(quantities.Volumes[1].Uncertainty);
    }

    [Fact]
    public void A_certain_map_leaves_no_interval_and_blood_elsewhere_is_not_of_the_lesion()
    {
        var geometry = Stacks.Axial(40, 40, 8);
        var mask = geometry.MaskOf((10, 10, 3, HemorrhageType.Sdh), (11, 10, 3, HemorrhageType.Sdh));
        var levels = mask.Labels.Select(l => l == 0 ? (byte)0 : (byte)ProbabilityLevels.Certain).ToArray();
        levels[(3 * 1600) + (30 * 40) + 30] = 100;

        var range = Assert.Single(LesionQuantifier.Measure(geometry.Water(), mask, new ProbabilityLevels(geometry, levels)).Lesions).Uncertainty.FromProbabilities!;

        Assert.Equal((0.002, 0.002, 0.002), (Math.Round(range.ExpectedMl, 12), Math.Round(range.LowMl, 12), Math.Round(range.HighMl, 12)));
    }

    [Fact]
    public void Doubtful_voxels_between_two_lesions_are_counted_once()
    {
        var geometry = Stacks.Axial(30, 5, 1);
        var mask = geometry.MaskOf((5, 2, 0, HemorrhageType.Ich), (15, 2, 0, HemorrhageType.Sdh));
        var levels = new byte[geometry.VoxelCount];
        levels.AsSpan((2 * 30) + 5, 11).Fill(100);

        var ranges = LesionQuantifier.Measure(geometry.Water(), mask, new ProbabilityLevels(geometry, levels)).Lesions.Select(l => l.Uncertainty.FromProbabilities!.HighMl).ToList();

        Assert.Equal(0.011, ranges.Sum(), 1e-12);
        Assert.All(ranges, ml => Assert.InRange(ml, 0.0049, 0.0061));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void The_closed_form_volume_of_a_phantom_lies_within_its_partial_volume_range(int seed)
    {
        var study = new PhantomStudy((ulong)seed, HemorrhageTypes.All, ScannerSettings.Ideal);
        var (image, truth) = study.Scan();

        var volumes = LesionQuantifier.Measure(image, truth).Volumes;

        Assert.All(volumes, volume =>
        {
            var range = volume.Uncertainty!.FromPartialVolume;
            Assert.InRange(study.Head.VolumeMl(volume.Type), range.LowestMl, range.HighestMl);
            Assert.InRange(volume.VolumeMl, range.LowestMl, range.HighestMl);
        });
    }

    [Fact]
    public void Only_voxels_at_the_edge_and_beside_it_are_in_doubt()
    {
        // A block of 4 × 4 × 4: 56 voxels at its edge, 6 × 16 beside it.
        var geometry = Stacks.Axial(10, 10, 10);
        var mask = geometry.DrawMask(p => p.X is >= 3 and <= 6 && p.Y is >= 3 and <= 6 && p.Z is >= 3 and <= 6 ? HemorrhageType.Ich : null);

        var range = Assert.Single(LesionQuantifier.Measure(geometry.Water(), mask).Lesions).Uncertainty.FromPartialVolume;

        Assert.Equal(0.064 - 0.028, range.LowestMl, 1e-12);
        Assert.Equal(0.064 + 0.048, range.HighestMl, 1e-12);
    }
}
