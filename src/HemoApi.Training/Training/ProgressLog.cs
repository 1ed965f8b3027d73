using System.Globalization;

namespace HemoApi.Training;

/// <summary>One line every 20 steps, with means over them; the same goes into the checkpoint folder's table.</summary>
internal sealed class ProgressLog(TextWriter log, ProgressFile file, int batch, TrainingSchedule schedule)
{
    private const int Every = 20;
    private readonly List<StepReport> _steps = [];
    private TimeSpan _waited;
    private long _since = TimeProvider.System.GetTimestamp();

    public void Add(StepReport report, TrainingState state, TimeSpan waited)
    {
        _steps.Add(report);
        _waited += waited;
        if (_steps.Count < Every)
        {
            return;
        }

        var seconds = TimeProvider.System.GetElapsedTime(_since).TotalSeconds;
        var loss = new LossTerms(Mean(s => s.Loss.CrossEntropy), Mean(s => s.Loss.ClassDice), Mean(s => s.Loss.UnionDice), Mean(s => s.Loss.Type));
        var left = schedule.Left(state.PhaseStep, TimeSpan.FromSeconds(state.PhaseSeconds)) ?? TimeSpan.Zero;
        log.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"step {report.Step}  {state.PhaseSeconds:F0} s, {(int)left.TotalHours}:{left:mm\\:ss} left  lr {report.LearningRate:E2}  loss {loss.Total:F4} (cross-entropy {loss.CrossEntropy:F4}, class Dice {loss.ClassDice:F4}, union Dice {loss.UnionDice:F4}, type {loss.Type:F4})  Dice {loss.Dice:F3}  gradient {Mean(s => (float)s.GradientNorm):F2}  {Every * batch / seconds:F2} samples/s, {_waited.TotalSeconds / seconds:P0} waiting for samples"));
        file.Add(new(report.Step, state.Phase, state.TotalSeconds, report.LearningRate, loss, null));
        _steps.Clear();
        _waited = TimeSpan.Zero;
        _since = TimeProvider.System.GetTimestamp();
    }

    private float Mean(Func<StepReport, float> value) => _steps.Average(value);
}
