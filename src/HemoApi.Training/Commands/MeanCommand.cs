using System.CommandLine;
using HemoApi.Training.Evaluation;
using HemoApi.Training.Export;

namespace HemoApi.Training.Commands;

/// <summary><c>mean</c>: a pair whose weights are the mean of two pairs' weights.</summary>
internal static class MeanCommand
{
    public static Command Create()
    {
        var model = new Option<FileInfo>("--model") { Description = "A pair's manifest, <id>.json: the mean takes over what it says, but its figures.", Required = true }.AcceptExistingOnly();
        var with = new Option<FileInfo>("--with") { Description = "The other pair's manifest.", Required = true }.AcceptExistingOnly();
        var share = new Option<double>("--share") { Description = "Of the other pair's weights, 0 to 1.", DefaultValueFactory = _ => 0.5 };
        var output = new Option<DirectoryInfo>("--output") { Description = "Folder for <id>.onnx and <id>.json.", Required = true };
        var command = new Command("mean", "Averages the weights of two models of this network, of which one was trained on from the other or both from a third.") { model, with, share, output };
        command.Validators.Add(result =>
        {
            if (result.GetValue(share) is not (>= 0 and <= 1))
            {
                result.AddError("--share is 0 to 1.");
            }
        });
        command.SetAction((result, cancellation) => Task.Run(
            () => LongRun.Of("Stopped.", () => Write(result.GetValue(model)!.FullName, result.GetValue(with)!.FullName, result.GetValue(share), result.GetValue(output)!.FullName), cancellation),
            CancellationToken.None));
        return command;
    }

    private static int Write(string manifestFile, string otherFile, double share, string output)
    {
        var (manifest, onnx) = ModelPair.Read(manifestFile);
        var mean = MeanWeights.Of(onnx, ModelPair.Read(otherFile).Onnx, share);
        ModelPair.Write(output, manifest with { Card = manifest.Card.Unmeasured() }, mean);
        return 0;
    }
}
