using OxyPlot;
using static HemoApi.Evaluations.ReportText;

namespace HemoApi.Evaluations;

/// <summary>An evaluation as one HTML page, without scripts and other files, made for A4 in landscape.</summary>
public static class EvaluationReport
{
    private const string Style =
        """
        @page { size: A4 landscape; margin: 12mm }
        body { font: 10.5pt/1.4 "DejaVu Sans", Arial, sans-serif; color: #1a1a1a; max-width: 273mm; margin: 0 auto; padding: 0 4mm }
        h1 { font-size: 18pt; margin: 8mm 0 2mm } h2 { font-size: 13pt; margin: 8mm 0 2mm; border-bottom: 1px solid #999; break-after: avoid } h3 { font-size: 10.5pt; margin: 4mm 0 1mm; break-after: avoid }
        table { border-collapse: collapse; width: 100%; font-size: 8pt } thead { display: table-header-group } tr { break-inside: avoid } th, td { text-align: right; padding: 1mm 1.5mm; border-bottom: 1px solid #ddd; vertical-align: top }
        thead th { background: #f2f2f2; border-bottom: 1px solid #999 } tbody th, thead th:first-child { text-align: left }
        .interval { color: #555; white-space: nowrap } .wide td { text-align: left }
        dl { display: grid; grid-template-columns: max-content auto; gap: 0 4mm; font-size: 9pt } dt { color: #555 } dd { margin: 0; overflow-wrap: anywhere }
        .plots { display: flex; flex-wrap: wrap; gap: 3mm } .plots figure { margin: 0; width: calc(50% - 2mm); break-inside: avoid } .plots svg { width: 100%; height: auto; border: 1px solid #ddd }
        .notice { border-left: 3px solid #d55e00; padding: 1mm 3mm; font-size: 9pt } .conventions { font-size: 8.5pt }
        """;

    public static void Write(EvaluationResults results, IReadOnlyDictionary<string, PlotModel> plots, TextWriter w)
    {
        var title = Encode(results.Name ?? "Evaluation");
        w.WriteLine($"<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>{Style}</style></head><body>");
        w.WriteLine($"<h1>{title}</h1>");
        Head(results, w);
        foreach (var group in results.Groups)
        {
            Group(group, w);
        }

        if (results.MostChanged is { Count: > 0 } changed)
        {
            w.WriteLine("<h2>Cases that the two models measure most differently</h2>");
            ReportTables.Changed(w, changed);
        }

        w.WriteLine("<h2>Plots of all cases</h2><div class=\"plots\">");
        foreach (var (name, plot) in plots)
        {
            w.WriteLine($"<figure aria-label=\"{name}\">{SvgRenderer.Render(name, plot, isDocument: false)}</figure>");
        }

        w.WriteLine("</div>");
        Foot(results, w);
        w.WriteLine("</body></html>");
    }

    private static void Head(EvaluationResults results, TextWriter w)
    {
        w.Write("<p class=\"notice\">For research use only; not a medical device.</p><dl>");
        Term("Model", $"{results.Model.Id} {results.Model.Version}, SHA-256 {results.Model.Sha256}");
        if (results.OtherModel is { } other)
        {
            Term("Second model", $"{other.Id} {other.Version}, SHA-256 {other.Sha256}");
        }

        Term("Reference", results.Reference switch
        {
            References.ReferenceOptions.Majority => "majority of the readers",
            References.ReferenceOptions.Staple => "STAPLE of the readers",
            var reader => $"reader {reader}",
        });
        Term("Cases", $"{results.Cases.Count}{(results.LeftOut.Count > 0 ? $", and {results.LeftOut.Count} left out (below)" : "")}");
        foreach (var query in results.SavedQueries ?? [])
        {
            Term("Saved query", $"{query.Name}: {query.MatchedStudies - query.WithoutReference} of {query.MatchedStudies} studies");
        }

        foreach (var warning in results.Warnings)
        {
            Term("Warning", warning.Detail);
        }

        Term("Evaluation", $"{results.EvaluationId}");
        w.WriteLine("</dl>");

        void Term(string name, string value) => w.Write($"<dt>{name}</dt><dd>{Encode(value)}</dd>");
    }

    private static void Group(EvaluationGroup group, TextWriter w)
    {
        var statistics = group.Statistics;
        w.WriteLine($"<h2>{(group.Site == "all" ? "All" : group.Site == "internal" ? "Internal sites:" : "External sites:")} {ReportText.Cases(statistics.Cases)}</h2><h3>Overlap with the reference</h3>");
        ReportTables.Overlap(w, statistics);
        w.WriteLine("<h3>Volumes: differences from the reference</h3>");
        ReportTables.Differences(w, statistics);
        w.WriteLine("<h3>Volumes: agreement with the reference</h3>");
        ReportTables.Correlations(w, statistics);
        w.WriteLine("<h3>Detection</h3>");
        ReportTables.Detection(w, statistics);
        if (statistics.Readers.Any(r => r.Readers.Any(d => d.Dice.Count > 0)))
        {
            w.WriteLine("<h3>Readers against the reference: Dice, mean ± SD</h3>");
            ReportTables.Readers(w, statistics);
            w.WriteLine("<h3>Readers against each other: Dice, mean ± SD</h3>");
            ReportTables.ReaderPairs(w, statistics);
        }

        if (group.Models is { } models)
        {
            w.WriteLine("<h3>Second model − first model</h3>");
            ReportTables.Models(w, models);
        }
    }

    private static void Foot(EvaluationResults results, TextWriter w)
    {
        if (results.LeftOut.Count > 0)
        {
            w.WriteLine("<h2>Left out</h2><div class=\"wide\">");
            ReportTables.LeftOut(w, results.LeftOut);
            w.WriteLine("</div>");
        }

        var c = results.Conventions;
        w.Write("<h2>How the figures count</h2><dl class=\"conventions\">");
        foreach (var (name, text) in new[]
            { ("Empty masks", c.EmptyMasks), ("Volumes", c.Volumes), ("Intervals", c.Intervals), ("ICC", c.Icc), ("Tests", c.Tests), ("ABC/2", c.Abc2), ("Detection", c.Detection) })
        {
            w.Write($"<dt>{name}</dt><dd>{Encode(text)}</dd>");
        }

        w.WriteLine("</dl>");
    }
}
