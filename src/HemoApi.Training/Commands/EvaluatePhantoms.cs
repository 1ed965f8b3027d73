using System.Diagnostics;
using System.Globalization;
using HemoApi.Imaging.Evaluation;
using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Training.Evaluation;

namespace HemoApi.Training.Commands;

/// <summary>A model on phantom studies of none to three hemorrhages, its volumes against the analytic ones.</summary>
internal static class EvaluatePhantoms
{
    /// <returns>The manifest with the figures on its card.</returns>
    public static ModelManifest Run(LoadedModel model, int phantoms, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        List<PhantomCase> cases = [];
        foreach (var seed in Enumerable.Range(0, phantoms).Select(i => TrainingSeeds.EvaluationStart + (ulong)i))
        {
            cases.Add(PhantomCase.Run(model, seed, null, cancellation).Value);
            Console.WriteLine(Line(cases[^1]));
        }

        var summaries = PhantomTypeSummary.OfAll(cases);
        foreach (var s in summaries)
        {
            Console.WriteLine(Invariant(
                $"{s.Type.Code()}: {s.Cases} studies, mean Dice {s.MeanDice:F3}, lowest {s.LowestDice:F3}, missed {s.MissedCases}; volume: mean error {s.MeanVolumeError:P1}, bias {s.VolumeBias:+0.0%;-0.0%}; without it: false in {s.FalseCases}, mean {s.MeanFalseMl:F2} ml"));
        }

        foreach (var type in HemorrhageTypes.All.Except(summaries.Select(s => s.Type)))
        {
            Console.WriteLine($"{type.Code()}: none of these phantoms has it; take more of them");
        }

        Console.WriteLine(Invariant($"{phantoms} studies in {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s"));
        return model.Manifest with { Card = model.Manifest.Card.WithStudies(EvaluationData(phantoms), Metrics(summaries)) };
    }

    private static string EvaluationData(int phantoms) =>
        $"{phantoms} phantom studies of 30 slices that training never saw, seeds {TrainingSeeds.EvaluationStart} to {TrainingSeeds.EvaluationStart + (ulong)phantoms - 1}; " +
        "Dice by voxel against the phantom's labels, volume errors against its analytic volume, means over the studies that have the type";

    private static Dictionary<string, double> Metrics(IEnumerable<PhantomTypeSummary> summaries)
    {
        Dictionary<string, double> metrics = [];
        foreach (var s in summaries)
        {
            var name = s.Type.ToString();
            metrics[$"studies{name}"] = s.Cases;
            metrics[$"missed{name}"] = s.MissedCases;
            metrics[$"dice{name}"] = Math.Round(s.MeanDice, 4);
            metrics[$"lowestDice{name}"] = Math.Round(s.LowestDice, 4);
            metrics[$"meanVolumeError{name}"] = Math.Round(s.MeanVolumeError, 4);
            metrics[$"volumeBias{name}"] = Math.Round(s.VolumeBias, 4);
            metrics[$"falseStudies{name}"] = s.FalseCases;
            metrics[$"meanFalseMl{name}"] = Math.Round(s.MeanFalseMl, 3);
        }

        return metrics;
    }

    private static string Line(PhantomCase phantom) =>
        $"phantom {phantom.Seed}: " + string.Join("  ", phantom.Types.Where(t => t.TrueMl > 0 || t.FoundMl > 0).Select(t =>
            Invariant($"{t.Type.Code()} {t.FoundMl:F1} of {t.TrueMl:F1} ml, Dice {t.Dice ?? double.NaN:F3}")));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
