using System.Globalization;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Postprocessing;

namespace HemoApi.Training.Evaluation;

/// <summary>Findings as CSV: a line a finding, and a line with nothing but its name at the end of each study, so that a second start measures only what
/// is missing.</summary>
internal sealed class FindingFile
{
    private static readonly string Header = string.Join(',', ["study", "type", .. FindingEvidence.Names, "bloodShare"]);

    private readonly string _path;
    private readonly List<Finding> _findings = [];
    private readonly HashSet<string> _studies = [];

    /// <exception cref="InvalidDataException">The file is another one.</exception>
    public FindingFile(string path)
    {
        _path = path;
        var lines = File.Exists(path) ? File.ReadAllLines(path) : [Header];
        if (lines[0] != Header)
        {
            throw new InvalidDataException($"{path} does not hold findings of this version: give another --output");
        }

        List<Finding> open = [];
        foreach (var fields in lines.Skip(1).Select(line => line.Split(',')))
        {
            if (fields.Length == 1)
            {
                Keep(fields[0], open);
                open = [];
            }
            else if (Parse(fields) is { } finding)
            {
                open.Add(finding);
            }
        }

        // What a stop left of a study without its end is measured again.
        File.WriteAllLines(path, [Header, .. _studies.SelectMany(study => Lines(study, _findings.Where(f => f.Study == study)))]);
    }

    public IReadOnlyList<Finding> Findings => _findings;

    public bool Has(string study) => _studies.Contains(study);

    public void Add(string study, IReadOnlyList<Finding> findings)
    {
        File.AppendAllLines(_path, Lines(study, findings));
        Keep(study, findings);
    }

    private void Keep(string study, IReadOnlyList<Finding> findings)
    {
        _studies.Add(study);
        _findings.AddRange(findings);
    }

    private static IEnumerable<string> Lines(string study, IEnumerable<Finding> findings) =>
    [
        .. findings.Select(f => string.Join(',', [f.Study, f.Type.Code(), .. f.Numbers.Append(f.BloodShare).Select(n => n.ToString("R", CultureInfo.InvariantCulture))])),
        study,
    ];

    private static Finding? Parse(string[] fields) =>
        fields.Length == FindingEvidence.Names.Count + 3 && HemorrhageTypes.Find(fields[1]) is { } type
            ? new(fields[0], type, [.. fields[2..^1].Select(Number)], Number(fields[^1]))
            : null;

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
