using System.Diagnostics;
using System.Globalization;
using HemoApi.Imaging.Evaluation.Statistics;
using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Phantoms;
using HemoApi.Training.Evaluation;

namespace HemoApi.Training.Export.Int8;

/// <summary>Size, time and Dice of the variants of a network, as Markdown.</summary>
internal static class VariantTable
{
    private const int Runs = 9;

    /// <param name="variants">By name, loaded with the options that serve.</param>
    /// <param name="phantoms">Studies of none to three hemorrhages from the first seed of evaluations on; 0 leaves Dice out.</param>
    public static void Write(IReadOnlyList<(string Name, LoadedModel Model, int Bytes)> variants, int phantoms, TextWriter log, CancellationToken cancellation)
    {
        List<string> lines = [];
        foreach (var (name, model, bytes) in variants)
        {
            var (full, head) = (MillisecondsASlice(model, 512, 512), MillisecondsASlice(model, 384, 512));
            var rows = Enumerable.Range(0, phantoms).Select(i => TrainingSeeds.EvaluationStart + (ulong)i)
                .Select(seed => StudyRow.Measure(model, new EvaluationStudy($"phantom-{seed}", () => new PhantomStudy(seed).Scan()), volumes: null, cancellation).Value).ToList();
            var figures = rows.Count > 0 ? CohortFigures.Of(rows) : null;
            string Dice(double? value) => value?.ToString("F3", CultureInfo.InvariantCulture) ?? "–";
            lines.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {bytes / 1e6:F1} | {full:F0} | {head:F0} | {string.Join(" | ", Enumerable.Range(0, 3).Select(t => Dice(figures?.Types[t].Dice.Mean)))} | {Dice(figures?.UnionDice.Mean)} |"));
            log.WriteLine($"{name} is measured");
        }

        log.WriteLine();
        log.WriteLine($"| variant | MB | ms a slice of 512 × 512 | of 384 × 512 | Dice ICH, {phantoms} phantoms | EDH | SDH | any |");
        log.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        lines.ForEach(log.WriteLine);
    }

    /// <summary>The median of some runs of one slice.</summary>
    private static double MillisecondsASlice(LoadedModel model, int height, int width)
    {
        var random = new PhantomRandom(1);
        var input = new float[height * width];
        for (var i = 0; i < input.Length; i++)
        {
            input[i] = (float)random.Uniform(-1, 1);
        }

        var times = new double[Runs];
        for (var run = -1; run < Runs; run++)
        {
            var started = Stopwatch.GetTimestamp();
            model.Run(input, 1, height, width).Value.Dispose();
            times[Math.Max(0, run)] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        return Quantiles.Of(times, 0.5);
    }
}
