using System.Globalization;
using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Postprocessing;

namespace HemoApi.Training.Evaluation;

/// <summary>Findings as <c>findings.csv</c>: a line a finding, and a line with nothing but its name at the end of each study.</summary>
internal sealed class FindingFile
{
    public const string FileName = "findings.csv";

    private static readonly string Header = string.Join(',', ["study", "type", .. FindingEvidence.Names, "bloodShare"]);

    private readonly MeasuredFile _file;
    private readonly List<Finding> _findings = [];
    private readonly HashSet<string> _studies = [];

    /// <exception cref="InvalidDataException">The folder holds findings of another model or of a damaged file.</exception>
    public FindingFile(string folder, ModelManifest manifest)
    {
        _file = new(folder, FileName, Header, MeasuredFile.IdentityOfFindings(manifest));
        List<string> whole = [];
        List<Finding> open = [];
        foreach (var (line, fields) in _file.Lines.Select(line => (line, line.Split(','))))
        {
            if (fields.Length == 1)
            {
                whole.AddRange(Keep(line, open));
                open = [];
            }
            else
            {
                open.Add(Parse(line, fields));
            }
        }

        // What a stop left of a study without its end is measured again.
        _file.Rewrite(whole);
    }

    public IReadOnlyList<Finding> Findings => _findings;

    public bool Has(string study) => _studies.Contains(study);

    public void Add(string study, IReadOnlyList<Finding> findings) => _file.Append(Keep(study, findings));

    /// <returns>The study's lines.</returns>
    private IEnumerable<string> Keep(string study, IReadOnlyList<Finding> findings)
    {
        _studies.Add(study);
        _findings.AddRange(findings);
        return findings.Select(Line).Append(study);
    }

    private static string Line(Finding finding) =>
        string.Join(',', [finding.Study, finding.Type.Code(), .. finding.Numbers.Append(finding.BloodShare).Select(n => n.ToString("R", CultureInfo.InvariantCulture))]);

    private Finding Parse(string line, string[] fields) =>
        fields.Length == FindingEvidence.Names.Count + 3 && HemorrhageTypes.Find(fields[1]) is { } type
            ? new(fields[0], type, [.. fields[2..^1].Select(Number)], Number(fields[^1]))
            : throw _file.Damaged(line);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
