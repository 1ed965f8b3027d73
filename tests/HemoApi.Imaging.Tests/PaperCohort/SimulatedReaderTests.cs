using HemoApi.Imaging.Evaluation;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Volumes;
using HemoApi.PaperCohort;

namespace HemoApi.Imaging.Tests.PaperCohort;

/// <summary>The readers of the phantom cohort disagree as the report says.</summary>
public sealed class SimulatedReaderTests
{
    private const int Size = 200;
    private const double PixelMm = 0.5;

    private static readonly VolumeGeometry Grid = new(
        Size, Size, new(1, 0, 0), new(0, 1, 0), PixelMm, PixelMm, [.. Enumerable.Range(0, 6).Select(k => new SlicePlane(new(0, 0, 5 * k), 5))]);

    [Theory]
    [InlineData("r1")]
    [InlineData("r2")]
    [InlineData("r3")]
    public void An_outline_is_moved_by_the_bias_with_the_stated_spread(string code)
    {
        var reader = SimulatedReader.All.Single(r => r.Code == code);
        const double RadiusMm = 25;
        var (image, truth) = (Image(), Disc(RadiusMm));

        // By the area of a disc that grows by d: π (r + d)².
        var shifts = Enumerable.Range(0, 60).Select(seed => Math.Sqrt(AreaMm2(reader.Draw(image, truth, (ulong)seed)) / Math.PI) - RadiusMm).ToList();
        var mean = shifts.Average();
        var sd = Math.Sqrt(shifts.Sum(s => (s - mean) * (s - mean)) / (shifts.Count - 1));

        // The place's part mostly cancels around the disc; what is left makes the spread a little wider than that of the study.
        Assert.InRange(mean, reader.BiasMm - 0.2, reader.BiasMm + 0.2);
        Assert.InRange(sd, SimulatedReader.StudySdMm * 0.75, SimulatedReader.StudySdMm * 1.6);
    }

    [Fact]
    public void Along_an_outline_the_shift_varies_as_stated()
    {
        var reader = SimulatedReader.All[0];
        var (image, truth) = (Image(), Disc(25));
        List<double> within = [];
        for (var seed = 0UL; seed < 30; seed++)
        {
            var shifts = Sides(reader.Draw(image, truth, seed)).Select(r => r - 25).ToList();
            within.AddRange(shifts.Select(s => s - shifts.Average()));
        }

        // Four sides of a slice: three degrees of freedom.
        var sd = Math.Sqrt(within.Sum(w => w * w) / (within.Count * 3 / 4.0));
        Assert.InRange(sd, SimulatedReader.PlaceSdMm * 0.75, SimulatedReader.PlaceSdMm * 1.25);
    }

    [Fact]
    public void Small_lesions_are_missed_at_the_stated_rate_and_large_ones_never()
    {
        var (image, small, large) = (Image(), Disc(10, slices: 1), Disc(25));
        const int Studies = 400;
        foreach (var reader in SimulatedReader.All)
        {
            var missed = Enumerable.Range(0, Studies).Count(seed => !reader.Draw(image, small, (ulong)seed).Labels.AsSpan().ContainsAnyExcept((byte)0));
            var expected = Studies * reader.MissRate;

            // 2.5 SD of the binomial.
            Assert.InRange(missed, expected - (2.5 * Math.Sqrt(expected)), expected + (2.5 * Math.Sqrt(expected)));
            Assert.All(Enumerable.Range(0, 20), seed => Assert.Contains((byte)HemorrhageType.Ich, reader.Draw(image, large, (ulong)seed).Labels));
        }
    }

    [Fact]
    public void Nothing_is_drawn_on_bone_or_where_there_is_nothing()
    {
        var (image, truth) = (Image(boneFromColumn: (Size / 2) + 50), Disc(25));

        Assert.All(SimulatedReader.All, reader => Assert.All(Enumerable.Range(0, 10), seed =>
        {
            var labels = reader.Draw(image, truth, (ulong)seed).Labels;
            Assert.DoesNotContain(Enumerable.Range(0, labels.Length), i => labels[i] != 0 && truth.Labels[i] == 0 && image.Hounsfield[i] >= 150);
            Assert.False(reader.Draw(image, new LabelVolume(Grid, new byte[truth.Labels.Length]), (ulong)seed).Labels.AsSpan().ContainsAnyExcept((byte)0));
        }));
    }

    /// <summary>Of the consensus against each reader, over a few phantoms of each type: near table 1 of Xu et al. 2021 (0.89 to 0.95).</summary>
    [Theory]
    [InlineData(HemorrhageType.Ich)]
    [InlineData(HemorrhageType.Edh)]
    [InlineData(HemorrhageType.Sdh)]
    public void On_phantoms_the_readers_agree_about_as_much_as_those_of_the_paper(HemorrhageType type)
    {
        List<double>[] dice = [.. SimulatedReader.All.Select(_ => new List<double>())];
        for (var seed = 20_000UL; seed < 20_005; seed++)
        {
            var head = new PhantomStudy(seed, [type]).Head;
            var corner = head.Pose.OffsetLpsMm - new Vector3D(110, 110, 0);
            var grid = new VolumeGeometry(
                220, 220, new(1, 0, 0), new(0, 1, 0), 1, 1, [.. Enumerable.Range(0, 13).Select(k => new SlicePlane(corner + new Vector3D(0, 0, -60 + (10 * k)), 3))]);
            var (image, truth) = PhantomRenderer.Render(head, ScannerSettings.Ideal, grid);
            var masks = SimulatedReader.All.Select(reader => reader.Draw(image, truth, seed)).ToList();
            var consensus = Consensus.Majority(masks);
            for (var r = 0; r < masks.Count; r++)
            {
                dice[r].Add(MaskAgreement.Compare(masks[r], consensus).Single(a => a.Type == type).Dice ?? 0);
            }
        }

        Assert.All(dice, d => Assert.InRange(d.Average(), 0.85, 0.98));
    }

    private static CtVolume Image(int boneFromColumn = Size) => new(
        Grid, [.. Enumerable.Range(0, (int)Grid.VoxelCount).Select(i => (short)(i % Size >= boneFromColumn ? 900 : 35))]);

    private static LabelVolume Disc(double radiusMm, int slices = 6) => new(
        Grid,
        [
            .. Enumerable.Range(0, (int)Grid.VoxelCount).Select(i =>
                i / (Size * Size) < slices && Math.Pow((i % Size) - ((Size - 1) / 2.0), 2) + Math.Pow((i / Size % Size) - ((Size - 1) / 2.0), 2) < Math.Pow(radiusMm / PixelMm, 2)
                    ? (byte)HemorrhageType.Ich : (byte)0),
        ]);

    private static double AreaMm2(LabelVolume mask) => mask.Labels.Count(l => l != 0) * Grid.PixelAreaMm2 / Grid.SliceCount;

    /// <returns>mm from the middle of the first slice to the outline at its four sides.</returns>
    private static IEnumerable<double> Sides(LabelVolume mask)
    {
        const int Middle = Size / 2;
        foreach (var (column, row) in new[] { (1, 0), (-1, 0), (0, 1), (0, -1) })
        {
            var reach = Enumerable.Range(0, Middle - 1).TakeWhile(i => mask.Labels[((Middle + (row * i)) * Size) + Middle + (column * i)] != 0).Count();

            // The middle lies at the edge of the pixel that counts as first: of no account to the left and up.
            yield return (reach - (column + row > 0 ? 0 : 1)) * PixelMm;
        }
    }
}
