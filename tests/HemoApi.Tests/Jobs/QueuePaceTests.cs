using HemoApi.Jobs;

namespace HemoApi.Tests.Jobs;

public sealed class QueuePaceTests
{
    private readonly SecondsClock _clock = new();

    [Fact]
    public void Who_waits_is_told_the_time_that_so_many_starts_took_lately()
    {
        var pace = new QueuePace(_clock);
        var (a, b) = (Guid.NewGuid(), Guid.NewGuid());
        Assert.Equal(60, pace.Until(1).TotalSeconds);
        pace.Sampled(new Dictionary<Guid, long> { [a] = 100, [b] = 7 });
        _clock.Seconds = 10;
        pace.Sampled(new Dictionary<Guid, long> { [a] = 104, [b] = 8 });

        // 4 starts of a in 10 s, 1 of b.
        Assert.Equal(7.5, pace.Until(3, a).TotalSeconds, 6);
        Assert.Equal(30, pace.Until(3, b).TotalSeconds, 6);
        Assert.Equal(6, pace.Until(3).TotalSeconds, 6);
        Assert.Equal(60, pace.Until(3, Guid.NewGuid()).TotalSeconds);
        Assert.Equal((1, 3600), (pace.Until(0, a).TotalSeconds, pace.Until(1_000_000, a).TotalSeconds));
    }

    [Fact]
    public void What_was_more_than_five_minutes_ago_no_longer_counts()
    {
        var pace = new QueuePace(_clock);
        var a = Guid.NewGuid();
        foreach (var (second, starts) in new[] { (0, 0), (200, 1000), (400, 1010), (600, 1020) })
        {
            _clock.Seconds = second;
            pace.Sampled(new Dictionary<Guid, long> { [a] = starts });
        }

        // 10 starts in the last 200 s.
        Assert.Equal(20, pace.Until(1, a).TotalSeconds, 6);
    }
}
