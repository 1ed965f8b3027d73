using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Training.Export;
using HemoApi.Training.Networks;

namespace HemoApi.Training.Commands;

/// <summary><c>export</c>: the averaged weights of the newest checkpoint as the pair that the service loads.</summary>
internal static class ExportCommand
{
    /// <summary>Side of the paper's slices, pixels.</summary>
    private const int FullSize = 512;

    public static Command Create()
    {
        var checkpoints = new Option<DirectoryInfo>("--checkpoints") { Description = "Folder of the checkpoints.", Required = true };
        var description = new Option<FileInfo>("--description") { Description = "JSON with id, version, thresholds, minimumLesionVolumeMl, trainingRange and card.", Required = true };
        var output = new Option<DirectoryInfo>("--output") { Description = "Folder for <id>.onnx and <id>.json.", Required = true };
        var command = new Command("export", "Writes the newest checkpoint as ONNX with its manifest.") { checkpoints, description, output };
        command.SetAction(result => Export(
            result.GetValue(checkpoints)!.FullName, result.GetValue(description)!.FullName, result.GetValue(output)!.FullName));
        return command;
    }

    private static int Export(string checkpoints, string descriptionFile, string output)
    {
        var description = JsonSerializer.Deserialize<ModelDescription>(File.ReadAllBytes(descriptionFile), ModelManifest.JsonOptions)
            ?? throw new InvalidDataException("the description is empty");
        using var network = new DenseUNet(seed: 0);
        if (new CheckpointFolder(checkpoints).LoadAverage(network) is not { } state)
        {
            Console.Error.WriteLine("There is no complete checkpoint in this folder: train first.");
            return 1;
        }

        network.eval();
        var onnx = OnnxExporter.Export(network);
        var manifest = new ModelManifest
        {
            SchemaVersion = ModelManifest.CurrentSchemaVersion,
            Id = description.Id,
            Version = description.Version,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(onnx)),
            Input = new(OnnxExporter.InputName, FullSize, DenseUNet.SizeMultiple, PhantomSource.SpacingMm, PhantomSource.Normalisation),
            Output = new(OnnxExporter.OutputName, [.. HemorrhageTypes.All.Select(t => t.Code())], description.Thresholds),
            MinimumLesionVolumeMl = description.MinimumLesionVolumeMl,
            MinimumMeanProbability = description.MinimumMeanProbability,
            MinimumSupport = description.MinimumSupport,
            ExtraAxialTypeByNeighbourhood = description.ExtraAxialTypeByNeighbourhood,
            WithinSkullOnly = description.WithinSkullOnly,
            TrainingRange = description.TrainingRange,
            Card = description.Card,
        };
        ModelPair.Write(output, manifest, onnx);
        Console.WriteLine($"{description.Id}: {onnx.Length:N0} bytes, {state.Step} steps of training");
        return 0;
    }
}
