using HemoApi.Training.Networks;

namespace HemoApi.Training.Tests;

public sealed class TrainerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hemoapi-training-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Discs_are_told_from_noise_and_from_each_other_after_some_steps()
    {
        var options = Options("discs") with { Steps = 150, Size = 64, Batch = 8, LearningRate = 3e-3, WarmupSteps = 10, AverageDecay = 0.9 };

        new Trainer(options, DiscSource.Sample, TextWriter.Null).Run(null, TestContext.Current.CancellationToken);

        using var network = new DenseUNet(0);
        Assert.NotNull(new CheckpointFolder(options.Folder).LoadAverage(network));
        network.eval();
        var score = new Validation(DiscSource.Sample, 60, 64).Score(network);
        Assert.All(score.Dice, dice => Assert.True(dice > 0.8, score.ToString()));
    }

    [Fact]
    public void A_resumed_training_has_the_losses_of_an_uninterrupted_one()
    {
        var whole = Losses(Options("whole") with { Steps = 8 }, stopAfter: null);
        var first = Losses(Options("parts") with { Steps = 8 }, stopAfter: 3);
        var second = Losses(Options("parts") with { Steps = 8 }, stopAfter: null);

        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], first.Concat(second).Select(r => r.Step));
        Assert.All(whole.Zip(first.Concat(second)), pair =>
        {
            Assert.Equal(pair.First.Loss.Total, pair.Second.Loss.Total, 1e-4f);
            Assert.Equal(pair.First.LearningRate, pair.Second.LearningRate, 1e-12);
            Assert.Equal(pair.First.GradientNorm, pair.Second.GradientNorm, 1e-3 * pair.First.GradientNorm);
        });
    }

    [Fact]
    public void A_new_phase_starts_its_schedule_anew_on_the_trained_weights_with_another_size()
    {
        Losses(Options("phases") with { Steps = 4 }, stopAfter: null);

        var fine = Losses(Options("phases") with { Steps = 2, Phase = "fine", Size = 128, Batch = 2 }, stopAfter: null);

        Assert.Equal([5, 6], fine.Select(r => r.Step));
        Assert.Empty(Losses(Options("phases") with { Steps = 2, Phase = "fine", Size = 128, Batch = 2 }, stopAfter: null));
    }

    [Fact]
    public void A_failure_while_making_samples_stops_the_training_with_its_cause()
    {
        static TrainingSample Broken(ulong seed, int size) => throw new NotSupportedException("no phantom today");

        var failure = Assert.Throws<InvalidOperationException>(
            () => new Trainer(Options("broken") with { Steps = 1 }, Broken, TextWriter.Null).Run(null, TestContext.Current.CancellationToken));

        Assert.IsType<NotSupportedException>(failure.InnerException);
    }

    private TrainerOptions Options(string name) => new()
    {
        Folder = Path.Combine(_folder, name),
        Size = 64,
        Batch = 4,
        WarmupSteps = 2,
        ValidationSamples = 0,
    };

    private static List<StepReport> Losses(TrainerOptions options, int? stopAfter)
    {
        List<StepReport> reports = [];
        using var stop = new CancellationTokenSource();
        new Trainer(options, DiscSource.Sample, TextWriter.Null).Run(
            report =>
            {
                reports.Add(report);
                if (reports.Count == stopAfter)
                {
                    stop.Cancel();
                }
            },
            stop.Token);
        return reports;
    }
}
