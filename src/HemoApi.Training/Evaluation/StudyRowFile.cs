using System.Globalization;
using HemoApi.Imaging.Evaluation;
using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;

namespace HemoApi.Training.Evaluation;

/// <summary>The rows of an evaluation as <c>studies.csv</c>, a line a study.</summary>
internal sealed class StudyRowFile
{
    public const string FileName = "studies.csv";

    private static readonly string Header = string.Join(',', [
        "study", "seconds",
        .. HemorrhageTypes.All.SelectMany(t => new[] { "found_ml", "reference_ml", "dice", "reference_abc2_ml" }.Select(column => $"{t.Code().ToLowerInvariant()}_{column}")),
        "union_dice", "slice_dice"]);

    private readonly MeasuredFile _file;

    /// <exception cref="InvalidDataException">The folder holds rows of another model or of a damaged file.</exception>
    public StudyRowFile(string folder, ModelManifest manifest)
    {
        _file = new(folder, FileName, Header, MeasuredFile.IdentityOfMasks(manifest));
        Rows = [.. _file.Lines.Select(Parse)];
        _file.Rewrite(Rows.Select(Line));
    }

    /// <summary>Of earlier starts and of this one.</summary>
    public List<StudyRow> Rows { get; }

    public void Add(StudyRow row)
    {
        Rows.Add(row);
        _file.Append([Line(row)]);
    }

    private static string Line(StudyRow row) => string.Join(',', [
        Quote(row.Name),
        Number(row.Seconds),
        .. row.Types.SelectMany(t => new[] { Number(t.FoundMl), Number(t.ReferenceMl), Number(t.Dice), Number(t.ReferenceAbc2Ml) }),
        Number(row.Union.Dice),
        string.Join(';', row.Union.SliceDice.Select(d => Number(d)))]);

    private StudyRow Parse(string line)
    {
        // Only a name can be quoted, and it comes first.
        var end = line.StartsWith('"') ? line.LastIndexOf('"') + 1 : line.IndexOf(',', StringComparison.Ordinal);
        var name = end > 0 && line[0] == '"' ? line[1..(end - 1)].Replace("\"\"", "\"", StringComparison.Ordinal) : line[..Math.Max(0, end)];
        var fields = line[Math.Min(line.Length, end + 1)..].Split(',');
        if (end <= 0 || fields.Length != 1 + (4 * HemorrhageTypes.All.Count) + 2)
        {
            throw _file.Damaged(line);
        }

        double? Optional(int at) => fields[at].Length == 0 ? null : double.Parse(fields[at], CultureInfo.InvariantCulture);
        double Value(int at) => Optional(at) ?? throw _file.Damaged(line);
        return new(
            name,
            Value(0),
            [.. HemorrhageTypes.All.Select((type, t) => new TypeScore(type, Value(1 + (4 * t)), Value(2 + (4 * t)), Optional(3 + (4 * t)), Optional(4 + (4 * t))))],
            new(Optional(fields.Length - 2), [.. fields[^1].Split(';', StringSplitOptions.RemoveEmptyEntries).Select(d => double.Parse(d, CultureInfo.InvariantCulture))]));
    }

    private static string Quote(string name) => name.AsSpan().ContainsAny(",\"\n") ? $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal).Replace('\n', ' ')}\"" : name;

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}
