using System.Globalization;
using HemoApi.Imaging.Masks;

namespace HemoApi.Training;

/// <summary>What is known at one step of a training: means of the loss since the step before, or a validation.</summary>
/// <param name="Seconds">Of training, over all phases and runs.</param>
/// <param name="LearningRate">Null at a validation.</param>
/// <param name="Loss">Null at a validation.</param>
/// <param name="Validation">Null where there was none.</param>
internal sealed record ProgressRow(long Step, string Phase, double Seconds, double? LearningRate, LossTerms? Loss, ValidationScore? Validation);

/// <summary>The course of a training over all its phases, as <c>progress.csv</c> beside its checkpoints.</summary>
internal sealed class ProgressFile
{
    public const string FileName = "progress.csv";

    private static readonly string Header = string.Join(',', [
        "step", "phase", "seconds", "learning_rate", "cross_entropy", "class_dice_loss", "union_dice_loss", "type_loss",
        .. HemorrhageTypes.All.Select(t => $"validation_dice_{t.Code().ToLowerInvariant()}"), "validation_slice_dice", "validation_false_pixels"]);

    private readonly string _file;

    /// <param name="step">Where the training stands: rows of later steps are of a run that was killed after its last checkpoint, and are dropped.</param>
    public ProgressFile(string folder, long step)
    {
        Directory.CreateDirectory(folder);
        _file = Path.Combine(folder, FileName);
        var rows = Read(folder).Where(row => row.Step <= step).ToList();
        var temporary = _file + ".writing";
        File.WriteAllText(temporary, Header + "\n" + string.Concat(rows.Select(Line)));
        File.Move(temporary, _file, overwrite: true);
    }

    public void Add(ProgressRow row) => File.AppendAllText(_file, Line(row));

    /// <returns>In the order in which they were written; none where there is no file. Half a line at the end is left out.</returns>
    /// <exception cref="InvalidDataException">The file is none of a training.</exception>
    public static IReadOnlyList<ProgressRow> Read(string folder)
    {
        var file = Path.Combine(folder, FileName);
        if (!File.Exists(file))
        {
            return [];
        }

        var text = File.ReadAllText(file);
        var lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines is [var first, ..] && first != Header
            ? throw new InvalidDataException($"{file} is not the course of a training")
            : [.. lines.Skip(1).Select(line => Parse(line, file))];
    }

    private static string Line(ProgressRow row) => string.Join(',', [
        row.Step.ToString(CultureInfo.InvariantCulture), row.Phase.Replace(',', ' '), Number(row.Seconds), Number(row.LearningRate),
        Number(row.Loss?.CrossEntropy), Number(row.Loss?.ClassDice), Number(row.Loss?.UnionDice), Number(row.Loss?.Type),
        .. HemorrhageTypes.All.Select((_, t) => Number(row.Validation?.Dice[t])), Number(row.Validation?.MeanSliceDice), Number(row.Validation?.FalsePixelsPerEmptySlice)]) + "\n";

    private static ProgressRow Parse(string line, string file)
    {
        var fields = line.Split(',');
        if (fields.Length != Header.Split(',').Length || !long.TryParse(fields[0], CultureInfo.InvariantCulture, out var step))
        {
            throw new InvalidDataException($"{file} has a damaged line; remove it: {line}");
        }

        double? At(int at) => fields[at].Length == 0 ? null : double.Parse(fields[at], CultureInfo.InvariantCulture);
        double OrNone(int at) => At(at) ?? double.NaN;
        LossTerms? loss = At(4) is { } crossEntropy ? new LossTerms((float)crossEntropy, (float)OrNone(5), (float)OrNone(6), (float)OrNone(7)) : null;
        var validation = loss is null ? new ValidationScore([OrNone(8), OrNone(9), OrNone(10)], OrNone(11), OrNone(12)) : null;
        return new(step, fields[1], OrNone(2), At(3), loss, validation);
    }

    private static string Number(double? value) => value is { } v && double.IsFinite(v) ? v.ToString("R", CultureInfo.InvariantCulture) : "";
}
