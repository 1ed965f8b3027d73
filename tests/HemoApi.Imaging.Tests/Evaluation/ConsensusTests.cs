using System.Globalization;
using HemoApi.Imaging.Evaluation;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Evaluation;

public sealed class ConsensusTests
{
    private static readonly VolumeGeometry Grid = Stacks.Axial(30, 30, 10);

    [Fact]
    public void Two_of_three_readers_make_a_voxel_of_their_type()
    {
        const HemorrhageType Edh = HemorrhageType.Edh;
        const HemorrhageType Sdh = HemorrhageType.Sdh;
        var readers = new[]
        {
            Grid.MaskOf((1, 1, 0, Edh), (2, 1, 0, Edh), (3, 1, 0, Edh), (4, 1, 0, Edh)),
            Grid.MaskOf((1, 1, 0, Edh), (2, 1, 0, Edh), (3, 1, 0, Sdh)),
            Grid.MaskOf((1, 1, 0, Edh), (2, 1, 0, Sdh), (3, 1, 0, HemorrhageType.Ich)),
        };

        Assert.Equal(Grid.MaskOf((1, 1, 0, Edh), (2, 1, 0, Edh)).Labels, Consensus.Majority(readers).Labels);
    }

    [Fact]
    public void Two_readers_must_agree_and_of_four_it_takes_three()
    {
        var (yes, no) = (Grid.MaskOf((1, 1, 0, HemorrhageType.Ich)), Grid.MaskOf());

        Assert.Equal(yes.Labels, Consensus.Majority([yes, yes]).Labels);
        Assert.Equal(no.Labels, Consensus.Majority([yes, no]).Labels);
        Assert.Equal(no.Labels, Consensus.Majority([yes, yes, no, no]).Labels);
        Assert.Equal(yes.Labels, Consensus.Majority([yes, yes, yes, no]).Labels);
    }

    [Fact]
    public void STAPLE_converges_to_what_the_equations_of_the_paper_give_in_NumPy()
    {
        ExternalTools.RequirePython("numpy");
        var readers = Readers();

        var (mask, types) = Consensus.Staple(readers);

        var output = ExternalTools.Python(
            """
            import sys, numpy as np
            d = np.array([[int(c) for c in row] for row in sys.argv[1:]], float)
            p = q = np.full(len(d), 0.99999)
            f = d.mean()
            for _ in range(1000):
                a = f * np.prod(np.where(d == 1, p[:, None], 1 - p[:, None]), axis=0)
                b = (1 - f) * np.prod(np.where(d == 1, 1 - q[:, None], q[:, None]), axis=0)
                w = a / (a + b)
                p, q = (w * d).sum(1) / w.sum(), ((1 - w) * (1 - d)).sum(1) / (1 - w).sum()
            print(*p, *q, int((w >= 0.5).sum()))
            """,
            [.. readers.Select(r => string.Concat(r.Labels.Select(l => l == (byte)HemorrhageType.Ich ? '1' : '0')))]);
        var numpy = output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray();
        var ich = types.Single(t => t.Type == HemorrhageType.Ich);
        Assert.All(ich.Readers.Select((r, i) => (r, i)), pair =>
        {
            Assert.Equal(numpy[pair.i], pair.r.Sensitivity, 1e-6);
            Assert.Equal(numpy[3 + pair.i], pair.r.Specificity, 1e-6);
        });
        Assert.Equal(numpy[6], mask.Labels.Count(l => l == (byte)HemorrhageType.Ich));
        Assert.Empty(types.Single(t => t.Type == HemorrhageType.Edh).Readers);
    }

    [Fact]
    public void STAPLE_trusts_the_careful_reader_more_than_the_one_who_marks_too_little()
    {
        var performance = Consensus.Staple(Readers()).Types.Single(t => t.Type == HemorrhageType.Ich).Readers;

        Assert.InRange(performance[0].Sensitivity, 0.9, 1);
        Assert.InRange(performance[2].Sensitivity, 0.05, 0.6);
    }

    [Fact]
    public void Masks_of_other_grids_and_a_single_reader_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Consensus.Majority([Grid.MaskOf()]));
        Assert.Throws<ArgumentException>(() => Consensus.Staple([Grid.MaskOf(), Stacks.Axial(30, 30, 10).MaskOf()]));
        Assert.Throws<ArgumentException>(() => Consensus.Staple([.. Enumerable.Repeat(Grid.MaskOf(), 9)]));
    }

    /// <summary>Of one ball: right, a little shifted, and too small.</summary>
    private static LabelVolume[] Readers() =>
    [
        Ball(new(14, 14, 5), 4.5),
        Ball(new(14.6, 13.5, 5), 4.5),
        Ball(new(14, 14, 5), 3),
    ];

    private static LabelVolume Ball(Vector3D centre, double radius) =>
        Grid.DrawMask(p => (p - centre).Length <= radius ? HemorrhageType.Ich : null);
}
