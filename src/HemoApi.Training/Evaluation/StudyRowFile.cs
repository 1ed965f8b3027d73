using System.Globalization;
using System.Text;
using System.Text.Json;
using HemoApi.Imaging.Evaluation;
using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;

namespace HemoApi.Training.Evaluation;

/// <summary>The rows of an evaluation as <c>studies.csv</c>, a line a study, each written whole as soon as it is measured: what a second
/// start finds there it does not measure again. <c>model.txt</c> beside it says of which model they are.</summary>
internal sealed class StudyRowFile
{
    public const string FileName = "studies.csv";
    public const string ModelFileName = "model.txt";

    private static readonly string Header = string.Join(',', [
        "study", "seconds",
        .. HemorrhageTypes.All.SelectMany(t => new[] { "found_ml", "reference_ml", "dice", "reference_abc2_ml" }.Select(column => $"{t.Code().ToLowerInvariant()}_{column}")),
        "union_dice", "slice_dice"]);

    private readonly string _file;

    /// <exception cref="InvalidDataException">The folder holds rows of another model or of a damaged file.</exception>
    public StudyRowFile(string folder, ModelManifest manifest)
    {
        Directory.CreateDirectory(folder);
        _file = Path.Combine(folder, FileName);
        var (identity, modelFile) = (Identity(manifest), Path.Combine(folder, ModelFileName));
        if (File.Exists(modelFile) && File.ReadAllText(modelFile) != identity)
        {
            throw new InvalidDataException($"{folder} holds the evaluation of another model, or of other thresholds: give another --output");
        }

        File.WriteAllText(modelFile, identity);
        Rows = [.. File.Exists(_file) ? Read() : []];
        RewriteWhole();
    }

    /// <summary>Of earlier starts and of this one.</summary>
    public List<StudyRow> Rows { get; }

    public void Add(StudyRow row)
    {
        Rows.Add(row);
        File.AppendAllText(_file, Line(row));
    }

    /// <summary>What makes masks differ.</summary>
    private static string Identity(ModelManifest manifest) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        model {manifest.Id} {manifest.Version}
        sha256 {manifest.Sha256}
        thresholds {string.Join(' ', manifest.Output.Thresholds)}
        temperature {string.Join(' ', manifest.Output.Temperature ?? [])}
        minimum lesion {manifest.MinimumLesionVolumeMl} ml
        minimum mean probability {manifest.MinimumMeanProbability}, minimum support {manifest.MinimumSupport}
        finding rules {JsonSerializer.Serialize(manifest.FindingRules)}
        extra-axial type by neighbourhood {manifest.ExtraAxialTypeByNeighbourhood}

        """);

    private IEnumerable<StudyRow> Read()
    {
        var text = File.ReadAllText(_file);

        // A process that was killed may have left half a line at the end.
        var lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length > 0 && lines[0] != Header)
        {
            throw new InvalidDataException($"{_file} is not an evaluation's: give another --output");
        }

        return lines.Skip(1).Select(Parse).ToList();
    }

    private void RewriteWhole()
    {
        var temporary = _file + ".writing";
        File.WriteAllText(temporary, Rows.Aggregate(new StringBuilder(Header).Append('\n'), (text, row) => text.Append(Line(row))).ToString());
        File.Move(temporary, _file, overwrite: true);
    }

    private static string Line(StudyRow row) => string.Join(',', [
        Quote(row.Name),
        Number(row.Seconds),
        .. row.Types.SelectMany(t => new[] { Number(t.FoundMl), Number(t.ReferenceMl), Number(t.Dice), Number(t.ReferenceAbc2Ml) }),
        Number(row.Union.Dice),
        string.Join(';', row.Union.SliceDice.Select(d => Number(d)))]) + "\n";

    private StudyRow Parse(string line)
    {
        // Only a name can be quoted, and it comes first.
        var end = line.StartsWith('"') ? line.LastIndexOf('"') + 1 : line.IndexOf(',', StringComparison.Ordinal);
        var name = end > 0 && line[0] == '"' ? line[1..(end - 1)].Replace("\"\"", "\"", StringComparison.Ordinal) : line[..Math.Max(0, end)];
        var fields = line[Math.Min(line.Length, end + 1)..].Split(',');
        if (end <= 0 || fields.Length != 1 + (4 * HemorrhageTypes.All.Count) + 2)
        {
            throw new InvalidDataException($"{_file} has a damaged line; remove it: {line}");
        }

        double? Optional(int at) => fields[at].Length == 0 ? null : double.Parse(fields[at], CultureInfo.InvariantCulture);
        double Value(int at) => Optional(at) ?? throw new InvalidDataException($"{_file} has a damaged line; remove it: {line}");
        return new(
            name,
            Value(0),
            [.. HemorrhageTypes.All.Select((type, t) => new TypeScore(type, Value(1 + (4 * t)), Value(2 + (4 * t)), Optional(3 + (4 * t)), Optional(4 + (4 * t))))],
            new(Optional(fields.Length - 2), [.. fields[^1].Split(';', StringSplitOptions.RemoveEmptyEntries).Select(d => double.Parse(d, CultureInfo.InvariantCulture))]));
    }

    private static string Quote(string name) => name.AsSpan().ContainsAny(",\"\n") ? $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal).Replace('\n', ' ')}\"" : name;

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}
