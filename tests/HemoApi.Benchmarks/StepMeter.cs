using System.Diagnostics;

namespace HemoApi.Benchmarks;

/// <summary>Time and allocations of named steps over several runs; a step may be entered often in a run.</summary>
internal sealed class StepMeter
{
    private readonly List<Dictionary<string, (double Seconds, double Megabytes)>> _runs = [];

    public IReadOnlyList<string> Steps => [.. _runs[0].Keys];

    public void StartRun() => _runs.Add([]);

    public T Measure<T>(string step, Func<T> action)
    {
        var (allocated, started) = (GC.GetTotalAllocatedBytes(precise: true), Stopwatch.GetTimestamp());
        var result = action();
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var run = _runs[^1];
        var (before, beforeMegabytes) = run.GetValueOrDefault(step);
        run[step] = (before + seconds, beforeMegabytes + ((GC.GetTotalAllocatedBytes(precise: true) - allocated) / 1e6));
        return result;
    }

    /// <summary>Median over the runs.</summary>
    public double Seconds(string step) => Median(_runs.Select(run => run[step].Seconds));

    /// <summary>Median over the runs, managed heap only.</summary>
    public double Megabytes(string step) => Median(_runs.Select(run => run[step].Megabytes));

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
