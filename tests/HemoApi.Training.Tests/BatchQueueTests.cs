namespace HemoApi.Training.Tests;

public sealed class BatchQueueTests
{
    [Fact]
    public void Every_sample_comes_once_those_of_odd_seeds_mirrored()
    {
        using var queue = new BatchQueue(Ramp, 4, 3, 1_000_000);

        float[] images = [.. queue.Take(CancellationToken.None).Images, .. queue.Take(CancellationToken.None).Images];

        for (var sample = 0; sample < 6; sample++)
        {
            var expected = Ramp(1_000_000UL + (ulong)sample, 4).Image;
            for (var row = 0; row < 4; row++)
            {
                var line = expected[(row * 4)..((row * 4) + 4)];
                Assert.Equal(sample % 2 == 1 ? line.Reverse() : line, images[((sample * 16) + (row * 4))..((sample * 16) + (row * 4) + 4)]);
            }
        }
    }

    [Fact]
    public void Labels_are_mirrored_with_their_image()
    {
        using var queue = new BatchQueue(Ramp, 4, 2, 1_000_000);

        var batch = queue.Take(CancellationToken.None);

        // Label 2 at column 0 of the top row: channel 1; mirrored at column 3.
        Assert.Equal(1, batch.Targets[16]);
        Assert.Equal(1, batch.Targets[48 + 16 + 3]);
        Assert.Equal(2, batch.Targets.Sum());
    }

    [Fact]
    public void A_queue_from_the_middle_gives_the_batches_of_one_from_the_start()
    {
        using var whole = new BatchQueue(DiscSource.Sample, 16, 6, TrainingSeeds.TrainingStart);
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
        using (var queue = new BatchQueue(Recording, 4, 5, TrainingSeeds.TrainingStart))
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
        using var queue = new BatchQueue((seed, _) => Ramp(seed, 8), 4, 2, TrainingSeeds.TrainingStart);

        Assert.Throws<InvalidOperationException>(() => queue.Take(CancellationToken.None));
    }

    private static TrainingSample Ramp(ulong seed, int size)
    {
        var labels = new byte[size * size];
        labels[0] = 2;
        return new TrainingSample([.. Enumerable.Range(0, size * size).Select(i => i + (1000f * (seed % 100)))], labels, size);
    }
}
