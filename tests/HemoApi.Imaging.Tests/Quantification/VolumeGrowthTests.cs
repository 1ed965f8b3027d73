using HemoApi.Imaging.Quantification;

namespace HemoApi.Imaging.Tests.Quantification;

public sealed class VolumeGrowthTests
{
    [Theory]
    [InlineData(30, 36.1, true, false)]
    [InlineData(30, 36, false, false)]
    [InlineData(6, 8.1, false, true)]
    [InlineData(6, 7.9, false, false)]
    [InlineData(20, 27, true, true)]
    [InlineData(100, 133, true, false)]
    [InlineData(100, 133.001, true, true)]
    [InlineData(18.25, 24.25, false, false)]
    [InlineData(18.25, 24.2501, true, false)]
    [InlineData(1, 7, false, true)]
    [InlineData(20, 5, false, false)]
    public void Expansion_is_growth_by_over_6_ml_or_over_33_percent(double before, double after, bool over6Ml, bool over33Percent)
    {
        var growth = new VolumeGrowth(before, after, null);
        Assert.Equal((over6Ml, over33Percent, over6Ml || over33Percent), (growth.IsOver6Ml, growth.IsOver33Percent, growth.IsExpansion));
    }

    [Fact]
    public void A_new_bleeding_has_no_relative_growth()
    {
        var growth = new VolumeGrowth(0, 7, null);
        Assert.Equal(((double?)null, (bool?)null, true), (growth.RelativeShare, growth.IsOver33Percent, growth.IsExpansion));
    }

    [Fact]
    public void The_interval_of_a_change_between_symmetric_intervals_is_that_of_independent_normal_errors()
    {
        // 10 ± 3 and 20 ± 4: the difference has ± 5 (Pythagoras).
        var interval = ChangeInterval.Of(10, (7, 13), 20, (16, 24));
        Assert.Equal((5, 15), (interval.LowMl, interval.HighMl));
        Assert.True(interval.IsSignificant);
    }

    [Fact]
    public void The_interval_of_a_change_keeps_the_sides_of_skewed_intervals_apart()
    {
        // Low: 10 − √(1² + 6²); high: 10 + √(8² + 2²). By the formula of Zou and Donner 2008, by hand.
        var interval = ChangeInterval.Of(10, (8, 16), 20, (19, 28));
        Assert.Equal(3.9172374697, interval.LowMl, 1e-9);
        Assert.Equal(18.2462112512, interval.HighMl, 1e-9);
    }

    [Fact]
    public void A_change_that_the_errors_allow_is_not_significant() =>
        Assert.False(ChangeInterval.Of(10, (7, 13), 14, (10, 18)).IsSignificant);
}
