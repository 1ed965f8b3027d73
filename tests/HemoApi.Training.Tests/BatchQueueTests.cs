namespace HemoApi.Training.Tests;

public sealed class BatchQueueTests
{
    [Fact]
    public void Every_sample_comes_twice_the_second_time_mirrored_in_the_next_batch()
    {
        using var queue = new BatchQueue(Ramp, 4, 4, BatchQueue.FirstSeed(4));

        var first = queue.Take(CancellationToken.None);
        var second = queue.Take(CancellationToken.None);

        for (var sample = 0; sample < 2; sample++)
        {
            for (var row = 0; row < 4; row++)
            {
                var fresh = first.Images.AsSpan((sample * 16) + (row * 4), 4).ToArray();
                var mirrored = second.Images.AsSpan(((sample + 2) * 16) + (row * 4), 4).ToArray();
                Assert.Equal(fresh.Reverse(), mirrored);
            }
        }

        // Label 2 at column 0 of the top row: channel 1; mirrored at column 3.
        Assert.Equal(1, first.Targets[16]);
        Assert.Equal(1, second.Targets[(2 * 48) + 16 + 3]);
        Assert.Equal(4, second.Targets.Sum());
    }

    [Fact]
    public void A_queue_from_the_middle_gives_the_batches_of_one_from_the_start()
    {
        using var whole = new BatchQueue(DiscSource.Sample, 16, 6, BatchQueue.FirstSeed(6));
        var first = whole.Take(CancellationToken.None);
        using var resumed = new BatchQueue(DiscSource.Sample, 16, 6, first.NextSeed);

        var expected = whole.Take(CancellationToken.None);
        var actual = resumed.Take(CancellationToken.None);

        Assert.Equal(expected.Images, actual.Images);
        Assert.Equal(expected.Targets, actual.Targets);
        Assert.Equal(expected.NextSeed, actual.NextSeed);
    }

    [Fact]
    public void No_validation_seed_is_trained_on()
    {
        var seeds = new System.Collections.Concurrent.ConcurrentBag<ulong>();
        using (var queue = new BatchQueue(Recording, 4, 5, BatchQueue.FirstSeed(5)))
        {
            queue.Take(CancellationToken.None);
            queue.Take(CancellationToken.None);
        }

        Assert.NotEmpty(seeds);
        Assert.All(seeds, seed => Assert.True(seed >= 1_000_000));

        TrainingSample Recording(ulong seed, int size)
        {
            seeds.Add(seed);
            return Ramp(seed, size);
        }
    }

    [Fact]
    public void A_sample_of_another_size_than_asked_for_is_refused()
    {
        using var queue = new BatchQueue((seed, _) => Ramp(seed, 8), 4, 2, BatchQueue.FirstSeed(2));

        Assert.Throws<InvalidOperationException>(() => queue.Take(CancellationToken.None));
    }

    private static TrainingSample Ramp(ulong seed, int size)
    {
        var labels = new byte[size * size];
        labels[0] = 2;
        return new TrainingSample([.. Enumerable.Range(0, size * size).Select(i => i + (1000f * (seed % 100)))], labels, size);
    }
}
