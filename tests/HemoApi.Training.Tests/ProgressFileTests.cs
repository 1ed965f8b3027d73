using HemoApi.Evaluations;
using HemoApi.Training.Curves;
using OxyPlot;
using SkiaSharp;

namespace HemoApi.Training.Tests;

public sealed class ProgressFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hemoapi-progress-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_training_leaves_its_losses_and_validations_and_tells_what_is_left()
    {
        var log = new StringWriter();
        var options = new TrainerOptions { Folder = _folder, Size = 64, Batch = 2, Steps = 40, WarmupSteps = 2, ValidationSamples = 6 };

        new Trainer(options, DiscSource.Sample, log).Run(null, TestContext.Current.CancellationToken);

        var rows = ProgressFile.Read(_folder);
        Assert.Equal([20, 40, 40], rows.Select(r => r.Step));
        Assert.Equal([true, true, false], rows.Select(r => r.Loss is not null));
        Assert.Equal(3, rows[2].Validation!.Dice.Count);
        Assert.True(rows[0].Seconds > 0 && rows[1].Seconds > rows[0].Seconds, "the clock stands");
        Assert.Contains($"loss {rows[0].Loss!.Value.Total:F4}", log.ToString(), StringComparison.Ordinal);
        Assert.Contains($"Dice {rows[1].Loss!.Value.Dice:F3}  gradient", log.ToString(), StringComparison.Ordinal);
        Assert.Contains("s, 0:00:00 left", log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_was_killed_after_its_last_checkpoint_leaves_no_steps_twice()
    {
        var first = new ProgressFile(_folder, 0);
        foreach (var step in new[] { 20, 40, 60 })
        {
            first.Add(Row(step, "main", loss: 2));
        }

        File.AppendAllText(Path.Combine(_folder, ProgressFile.FileName), "80,ma");
        new ProgressFile(_folder, 40).Add(Row(60, "main", loss: 1));

        Assert.Equal([(20, 2f), (40, 2f), (60, 1f)], ProgressFile.Read(_folder).Select(r => (r.Step, r.Loss!.Value.CrossEntropy)));
    }

    [Fact]
    public void A_later_phase_is_appended_to_the_one_before()
    {
        new ProgressFile(_folder, 0).Add(Row(20, "main", loss: 2));

        new ProgressFile(_folder, 20).Add(Row(40, "whole", loss: 1));

        Assert.Equal(["main", "whole"], ProgressFile.Read(_folder).Select(r => r.Phase));
    }

    [Fact]
    public void The_curves_show_loss_and_the_dice_of_each_type_as_a_png()
    {
        List<ProgressRow> rows =
        [
            .. Enumerable.Range(1, 50).Select(i => Row(20 * i, i < 30 ? "main" : "whole", loss: 5f / i)),
            new(1000, "whole", 3600, null, null, new([0.9, 0.8, double.NaN], 0.7, 1)),
            new(1020, "whole", 3700, null, null, new([0.92, 0.82, 0.5], 0.75, 1)),
        ];

        var plot = TrainingCurves.Of(rows);
        using var png = new MemoryStream();
        TrainingCurves.WritePng(rows, png);

        Assert.Equal([50, 2, 2, 1, 2], plot.Series.Cast<OxyPlot.Series.LineSeries>().Select(s => s.Points.Count));
        Assert.Single(plot.Annotations);
        using var picture = SKBitmap.Decode(png.ToArray());
        Assert.Equal((1920, 1080), (picture.Width, picture.Height));
        Assert.All([PlotStyle.Guide, PlotStyle.Internal, PlotStyle.External], colour => Assert.True(Count(picture, colour) > 100, $"nothing is drawn in {colour}"));

        static int Count(SKBitmap picture, OxyColor colour) => picture.Pixels.Count(p => (p.Red, p.Green, p.Blue) == (colour.R, colour.G, colour.B));
    }

    private static ProgressRow Row(long step, string phase, float loss) => new(step, phase, step * 3.5, 1e-3, new LossTerms(loss, 0, 0, 0), null);
}
