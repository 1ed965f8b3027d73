using HemoApi.Imaging.Preprocessing;

namespace HemoApi.Imaging.Tests.Preprocessing;

public sealed class LinearAxisTests
{
    private static readonly float[] Ramp = [.. Enumerable.Range(0, 20).Select(i => (float)(3 * i))];

    [Theory]
    [InlineData(2.5, 0.3)]
    [InlineData(3, 1.7)]
    [InlineData(4, 2)]
    [InlineData(1.25, 1)]
    public void A_ramp_stays_a_ramp(double origin, double step)
    {
        var count = (int)((16 - origin) / step);
        var sampled = Sample(new LinearAxis(origin, step, count, 20), Ramp);

        Assert.All(Enumerable.Range(0, count), i => Assert.Equal(3 * (origin + (step * i)), sampled[i], 0.6 * (step % 1)));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1)]
    [InlineData(1.5)]
    [InlineData(4)]
    public void A_constant_stays_constant_inside(double step)
    {
        var axis = new LinearAxis(5, step, 3, 25);

        Assert.All(Sample(axis, [.. Enumerable.Repeat(7f, 25)]), value => Assert.Equal(7, value, 1e-5));
    }

    [Fact]
    public void Coarser_samples_average_what_lies_between_them()
    {
        float[] alternating = [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? 100f : -100f)];

        Assert.All(Sample(new LinearAxis(10, 4, 5, 40), alternating), value => Assert.Equal(0, value, 1e-4));
    }

    [Theory]
    [InlineData(-3)]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(30)]
    [InlineData(-30)]
    public void A_whole_shift_copies_and_what_lies_outside_is_zero(int shift)
    {
        var sampled = Sample(new LinearAxis(shift, 1, 25, 20), Ramp);

        Assert.Equal(Enumerable.Range(shift, 25).Select(i => i is >= 0 and < 20 ? 3f * i : 0), sampled);
    }

    [Fact]
    public void Halfway_over_the_edge_half_is_outside() =>
        Assert.Equal([2.5f, 5, 2.5f], Sample(new LinearAxis(-0.5, 1.5, 3, 3), [5, 5, 5]).Select(v => (float)Math.Round(v, 4)).Select((v, i) => i == 1 ? 5 : v));

    private static float[] Sample(LinearAxis axis, float[] source)
    {
        var target = new float[axis.Count];
        axis.Sample(source, target);
        return target;
    }
}
