using System.CommandLine;
using HemoApi.Training.Curves;

namespace HemoApi.Training.Commands;

/// <summary><c>curves</c>: the course of a training as a picture.</summary>
internal static class CurvesCommand
{
    public static Command Create()
    {
        var checkpoints = new Option<DirectoryInfo>("--checkpoints") { Description = "Folder of the checkpoints; a running training may write there.", Required = true };
        var output = new Option<FileInfo>("--output") { Description = "The PNG to write.", Required = true };
        var command = new Command("curves", "Draws loss and validation Dice of a training over its hours.") { checkpoints, output };
        command.SetAction(result => Draw(result.GetValue(checkpoints)!.FullName, result.GetValue(output)!.FullName));
        return command;
    }

    private static int Draw(string checkpoints, string output)
    {
        var rows = ProgressFile.Read(checkpoints);
        if (rows.Count == 0)
        {
            Console.Error.WriteLine($"There is no {ProgressFile.FileName} in this folder: train first.");
            return 1;
        }

        using var png = File.Create(output);
        TrainingCurves.WritePng(rows, png);
        return 0;
    }
}
