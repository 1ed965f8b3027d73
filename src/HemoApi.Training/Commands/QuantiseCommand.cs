using System.CommandLine;
using HemoApi.Imaging.Inference;
using HemoApi.Training.Evaluation;
using HemoApi.Training.Export.Int8;

namespace HemoApi.Training.Commands;

/// <summary><c>quantise</c>: int8 variants of an exported pair, and how they compare with it.</summary>
internal static class QuantiseCommand
{
    private const int CalibrationSize = 384;

    public static Command Create()
    {
        var model = new Option<FileInfo>("--model") { Description = "The pair's manifest, <id>.json.", Required = true };
        var output = new Option<DirectoryInfo>("--output") { Description = "Folder for <id>-int8 and <id>-mixed, each a pair of .onnx and .json.", Required = true };
        var slices = new Option<int>("--slices") { Description = "Phantom slices to calibrate on.", DefaultValueFactory = _ => 32 };
        var phantoms = new Option<int>("--phantoms") { Description = "Phantom studies to compare Dice on; 0 compares size and time alone.", DefaultValueFactory = _ => 24 };
        var threads = new Option<int>("--threads") { Description = "Threads of ONNX Runtime.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var command = new Command("quantise", "Writes int8 variants of a model, with its thresholds, and compares size, time and Dice.") { model, output, slices, phantoms, threads };
        command.SetAction((result, cancellation) => Task.Run(
            () => LongRun.Of(
                "Stopped.",
                () => Quantise(
                    result.GetValue(model)!.FullName,
                    result.GetValue(output)!.FullName,
                    result.GetValue(slices),
                    result.GetValue(phantoms),
                    new EngineOptions { Provider = ExecutionProvider.Cpu, Threads = result.GetValue(threads) },
                    cancellation),
                cancellation),
            CancellationToken.None));
        return command;
    }

    private static int Quantise(string manifestFile, string output, int slices, int phantoms, EngineOptions options, CancellationToken cancellation)
    {
        var (manifest, onnx) = ModelPair.Read(manifestFile);
        List<(string Name, LoadedModel Model, int Bytes)> variants = [("fp32", ModelPair.Load(manifest, onnx, options), onnx.Length)];
        try
        {
            foreach (var variant in Enum.GetValues<Int8Variant>())
            {
                var samples = Enumerable.Range(0, slices).Select(i => PhantomSource.Sample(TrainingSeeds.QuantisationStart + (ulong)i, CalibrationSize));
                var quantised = Int8Quantiser.Quantise(onnx, variant, samples, cancellation);
                var name = variant.ToString().ToLowerInvariant();
                var own = ModelPair.Write(output, manifest with { Id = $"{manifest.Id}-{name}", Card = manifest.Card.MeasuredAs(manifest.Id) }, quantised);
                variants.Add((name, ModelPair.Load(own, quantised, options), quantised.Length));
            }

            VariantTable.Write(variants, phantoms, Console.Out, cancellation);
            return 0;
        }
        finally
        {
            variants.ForEach(v => v.Model.Dispose());
        }
    }
}
