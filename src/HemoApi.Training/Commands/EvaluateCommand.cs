using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using HemoApi.Imaging;
using HemoApi.Imaging.Evaluation;
using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Postprocessing;
using HemoApi.Imaging.Quantification;
using HemoApi.Training.Backgrounds;

namespace HemoApi.Training.Commands;

/// <summary><c>evaluate</c>: an exported pair on whole phantom studies, in the engine that serves it.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var model = new Option<FileInfo>("--model") { Description = "The pair's manifest, <id>.json.", Required = true };
        var phantoms = new Option<int>("--phantoms") { Description = "Studies to measure on.", DefaultValueFactory = _ => 60 };
        var fit = new Option<int>("--fit-thresholds") { Description = "Fit the thresholds on so many other studies first; 0 keeps the manifest's.", DefaultValueFactory = _ => 0 };
        var write = new Option<bool>("--write") { Description = "Write thresholds and figures into the manifest." };
        var clean = new Option<DirectoryInfo?>("--clean") { Description = "Folder of head CTs without hemorrhage, as for train --backgrounds: prints what the model finds in them." };
        var threads = new Option<int>("--threads") { Description = "Threads of ONNX Runtime.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var command = new Command("evaluate", "Measures Dice and volumes of a model on phantom studies that training never saw.") { model, phantoms, fit, clean, write, threads };
        command.SetAction((result, cancellation) => Task.FromResult(Evaluate(
            result.GetValue(model)!.FullName,
            result.GetValue(phantoms),
            result.GetValue(fit),
            result.GetValue(clean)?.FullName,
            result.GetValue(write),
            new EngineOptions { Provider = ExecutionProvider.Cpu, Threads = result.GetValue(threads) },
            cancellation)));
        return command;
    }

    private static int Evaluate(string manifestFile, int phantoms, int fit, string? clean, bool write, EngineOptions options, CancellationToken cancellation)
    {
        var onnx = File.ReadAllBytes(Path.ChangeExtension(manifestFile, ".onnx"));
        var manifest = ManifestReader.Read(File.ReadAllBytes(manifestFile), Path.GetFileName(manifestFile)).Value;
        if (fit > 0)
        {
            using var unfitted = LoadedModel.Load(manifest, onnx, options).Value;
            var thresholds = ThresholdFit.Fit(unfitted, Seeds(TrainingSeeds.ThresholdFitStart, fit), cancellation).Value;
            manifest = manifest with { Output = manifest.Output with { Thresholds = thresholds } };
            Console.WriteLine($"thresholds on {fit} studies: {string.Join(", ", HemorrhageTypes.All.Zip(thresholds, (t, v) => Invariant($"{t.Code()} {v:F2}")))}");
        }

        using var model = LoadedModel.Load(manifest, onnx, options).Value;
        var started = Stopwatch.GetTimestamp();
        List<PhantomCase> cases = [];
        foreach (var seed in Seeds(TrainingSeeds.EvaluationStart, phantoms))
        {
            cases.Add(PhantomCase.Run(model, seed, null, cancellation).Value);
            Console.WriteLine(Line(cases[^1]));
        }

        if (clean is not null)
        {
            MeasureClean(model, clean, cancellation);
        }

        var summaries = Summarise(cases);
        Console.WriteLine(Invariant($"{phantoms} studies in {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s"));
        if (write)
        {
            var card = manifest.Card with { EvaluationData = EvaluationData(phantoms), Metrics = Metrics(summaries) };
            File.WriteAllText(manifestFile, JsonSerializer.Serialize(manifest with { Card = card }, ModelManifest.JsonOptions) + "\n");
        }

        return 0;
    }

    private static void MeasureClean(LoadedModel model, string folder, CancellationToken cancellation)
    {
        foreach (var (name, image) in BackgroundHeads.ReadAll(folder))
        {
            var mask = MaskCleaning.Clean(Segmenter.Run(model, image, null, cancellation).Value.Mask, model.Manifest);
            var volumes = LesionQuantifier.Measure(image, mask).Volumes;
            Console.WriteLine($"{name}, without hemorrhage: " + string.Join("  ", volumes.Select(v => Invariant($"{v.Type.Code()} {v.VolumeMl:F2} ml"))));
        }
    }

    private static string EvaluationData(int phantoms) =>
        $"{phantoms} phantom studies of 30 slices that training never saw, seeds {TrainingSeeds.EvaluationStart} to {TrainingSeeds.EvaluationStart + (ulong)phantoms - 1}; " +
        "Dice by voxel against the phantom's labels, volume errors against its analytic volume, means over the studies that have the type";

    private static IReadOnlyList<PhantomTypeSummary> Summarise(IReadOnlyList<PhantomCase> cases)
    {
        var summaries = PhantomTypeSummary.OfAll(cases);
        foreach (var s in summaries)
        {
            Console.WriteLine(Invariant(
                $"{s.Type.Code()}: {s.Cases} studies, mean Dice {s.MeanDice:F3}, lowest {s.LowestDice:F3}, missed {s.MissedCases}; volume: mean error {s.MeanVolumeError:P1}, bias {s.VolumeBias:+0.0%;-0.0%}; without it: false in {s.FalseCases}, mean {s.MeanFalseMl:F2} ml"));
        }

        return summaries;
    }

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

    private static ulong[] Seeds(ulong first, int count) => [.. Enumerable.Range(0, count).Select(i => first + (ulong)i)];

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
