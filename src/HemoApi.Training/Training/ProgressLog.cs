using System.Globalization;

namespace HemoApi.Training;

/// <summary>One line every 20 steps, with means over them.</summary>
internal sealed class ProgressLog(TextWriter log, int batch)
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
        log.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"step {report.Step}  {state.PhaseSeconds:F0} s  lr {report.LearningRate:E2}  loss {Mean(s => s.Loss.Total):F4} (cross-entropy {Mean(s => s.Loss.CrossEntropy):F4}, class Dice {Mean(s => s.Loss.ClassDice):F4}, union Dice {Mean(s => s.Loss.UnionDice):F4}, type {Mean(s => s.Loss.Type):F4})  gradient {Mean(s => s.GradientNorm):F2}  {Every * batch / seconds:F2} samples/s, {_waited.TotalSeconds / seconds:P0} waiting for samples"));
        _steps.Clear();
        _waited = TimeSpan.Zero;
        _since = TimeProvider.System.GetTimestamp();
    }

    private double Mean(Func<StepReport, double> value) => _steps.Average(value);
}
