using System.Globalization;
using System.Text.Json;
using HemoApi.Imaging.Inference;

namespace HemoApi.Training.Evaluation;

/// <summary>A CSV of what takes long to measure, each part written whole as soon as it is there: what a second start finds it does not measure again.
/// <c>model.txt</c> beside it says of which model it is.</summary>
internal sealed class MeasuredFile
{
    public const string ModelFileName = "model.txt";

    private readonly string _header;

    /// <param name="identity">Of the model.</param>
    /// <exception cref="InvalidDataException">The folder holds what was measured of another model, or another file.</exception>
    public MeasuredFile(string folder, string name, string header, string identity)
    {
        Directory.CreateDirectory(folder);
        Path = System.IO.Path.Combine(folder, name);
        _header = header;
        var modelFile = System.IO.Path.Combine(folder, ModelFileName);
        if (File.Exists(modelFile) && File.ReadAllText(modelFile) != identity)
        {
            throw new InvalidDataException($"{folder} holds what was measured of another model, or of other thresholds: give another --output");
        }

        Lines = File.Exists(Path) ? Read() : [];
        File.WriteAllText(modelFile, identity);
    }

    public string Path { get; }

    /// <summary>Of earlier starts, without the header.</summary>
    public IReadOnlyList<string> Lines { get; }

    public void Append(IEnumerable<string> lines) => File.AppendAllText(Path, Text(lines));

    /// <summary>In place of all that the file holds.</summary>
    public void Rewrite(IEnumerable<string> lines)
    {
        var temporary = Path + ".writing";
        File.WriteAllText(temporary, Text(lines.Prepend(_header)));
        File.Move(temporary, Path, overwrite: true);
    }

    public InvalidDataException Damaged(string line) => new($"{Path} has a damaged line; remove it: {line}");

    /// <summary>What makes masks differ.</summary>
    public static string IdentityOfMasks(ModelManifest manifest) => string.Create(
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

    /// <summary>What makes findings differ before anything judges them.</summary>
    public static string IdentityOfFindings(ModelManifest manifest) =>
        IdentityOfMasks(manifest with { FindingRules = null, MinimumMeanProbability = 0, MinimumSupport = 0 });

    /// <summary>A process that was killed may have left half a line at the end.</summary>
    private string[] Read()
    {
        var text = File.ReadAllText(Path);
        var lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == 0 || lines[0] == _header ? lines[Math.Min(1, lines.Length)..] : throw new InvalidDataException($"{Path} is another file, or of another version: give another --output");
    }

    private static string Text(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\n"));
}
