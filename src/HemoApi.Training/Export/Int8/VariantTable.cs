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
        var times = variants.Select(v => (Full: MillisecondsASlice(v.Model, 512, 512), Head: MillisecondsASlice(v.Model, 384, 512))).ToList();
        var rows = variants.Select(_ => new List<StudyRow>()).ToList();
        foreach (var seed in Enumerable.Range(0, phantoms).Select(i => TrainingSeeds.EvaluationStart + (ulong)i))
        {
            // One study for all: drawing it takes longer than an int8 network.
            var study = new EvaluationStudy($"phantom-{seed}", () => new PhantomStudy(seed).Scan());
            foreach (var (variant, own) in variants.Zip(rows))
            {
                own.Add(StudyRow.Measure(variant.Model, study, volumes: null, cancellation).Value);
            }

            log.WriteLine($"{study.Name}, Dice of any type: {string.Join(", ", variants.Zip(rows, (v, own) => $"{v.Name} {Dice(own[^1].Union.Dice)}"))}");
        }

        log.WriteLine();
        log.WriteLine($"| variant | MB | ms a slice of 512 × 512 | of 384 × 512 | Dice ICH, {phantoms} phantoms | EDH | SDH | any |");
        log.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var ((name, _, bytes), time, own) in variants.Zip(times, rows))
        {
            var figures = own.Count > 0 ? CohortFigures.Of(own) : null;
            log.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {bytes / 1e6:F1} | {time.Full:F0} | {time.Head:F0} | {string.Join(" | ", Enumerable.Range(0, 3).Select(t => Dice(figures?.Types[t].Dice.Mean)))} | {Dice(figures?.UnionDice.Mean)} |"));
        }

        static string Dice(double? value) => value?.ToString("F3", CultureInfo.InvariantCulture) ?? "–";
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
