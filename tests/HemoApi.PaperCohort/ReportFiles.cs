using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using HemoApi.Imaging.Evaluation.Paper;
using HemoApi.Imaging.Phantoms;

namespace HemoApi.PaperCohort;

/// <summary>The report as one page, as JSON and as CSV.</summary>
internal static class ReportFiles
{
    public const string Html = "report.html";
    public const string Notice = "These studies are computer-made phantoms and their readers are simulated: this is no clinical validation, and it says nothing about how the model does on patients. "
        + "It shows that the paper's evaluation can be run on this service from end to end, and how the model does on phantoms that it was not trained on.";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(string folder, EvaluatedCohort cohort)
    {
        using (var html = new StreamWriter(Path.Combine(folder, Html)))
        {
            Report.Write(cohort, html);
        }

        var document = new
        {
            Notice,
            Paper = "Xu et al. 2021, doi:10.3389/fnins.2020.541817",
            cohort.Scale,
            Studies = CohortRun.Groups(cohort.Planned),
            cohort.Cases.Model,
            Reference = "majority of the three readers",
            Readers = SimulatedReader.Description,
            Scanners = new[] { PhantomHospital.A.Description, PhantomHospital.B.Description },
            Minutes = Math.Round(cohort.Took.TotalMinutes, 1),
            Evaluated = cohort.Cases.Count,
            cohort.Cases.LeftOut,
            Numbers = PaperNumbers.All.Select(n => new { n.Place, n.Row, n.Column, Paper = n.Printed, Here = cohort.Figures[n.Here], HereSd = cohort.Figures.SdOf(n), n.Here.Site, n.Here.Type, n.Here.Of, n.Here.Statistic, n.Quote }),
        };
        File.WriteAllText(Path.Combine(folder, "report.json"), JsonSerializer.Serialize(document, Json) + "\n");

        using var csv = new StreamWriter(Path.Combine(folder, "report.csv"));
        Row(csv, "place", "row", "column", "paper", "here", "here_sd", "here_low", "here_high", "n");
        foreach (var n in PaperNumbers.All)
        {
            var here = cohort.Figures[n.Here];
            Row(csv, n.Place, n.Row, n.Column, n.Printed, Number(here.Value), Number(cohort.Figures.SdOf(n)), Number(here.Low), Number(here.High), $"{here.Count}");
        }
    }

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    private static void Row(TextWriter csv, params string[] cells) =>
        csv.Write(string.Join(',', cells.Select(c => c.AsSpan().IndexOfAny(",\"\r\n") < 0 ? c : $"\"{c.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + "\r\n");
}
