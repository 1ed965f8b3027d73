using HemoApi.Evaluations;
using HemoApi.Imaging.Evaluation.Paper;
using HemoApi.Imaging.Phantoms;
using static HemoApi.Evaluations.ReportText;

namespace HemoApi.PaperCohort;

/// <summary>The page: each number of the paper, and beside it ours.</summary>
internal static class Report
{
    private const string Style =
        """
        @page { size: A4 landscape; margin: 12mm }
        body { font: 10.5pt/1.45 "DejaVu Sans", Arial, sans-serif; color: #1a1a1a; max-width: 273mm; margin: 0 auto; padding: 0 4mm 8mm }
        h1 { font-size: 18pt; margin: 8mm 0 2mm } h2 { font-size: 13pt; margin: 8mm 0 2mm; border-bottom: 1px solid #999; break-after: avoid }
        table { border-collapse: collapse; width: 100%; font-size: 9pt } tr { break-inside: avoid } th, td { padding: 1.2mm 2mm; border-bottom: 1px solid #ddd; vertical-align: top; text-align: left }
        thead th { background: #f2f2f2; border-bottom: 1px solid #999 } tbody th { font-weight: 600; white-space: nowrap }
        td.paper { color: #555; white-space: nowrap; border-left: 1px solid #bbb } td.here { font-weight: 600 } .interval { color: #555; font-weight: 400; white-space: nowrap; font-size: 8pt }
        dl { display: grid; grid-template-columns: max-content auto; gap: 1mm 4mm; font-size: 9pt } dt { color: #555 } dd { margin: 0; overflow-wrap: anywhere }
        .notice { border-left: 3px solid #d55e00; background: #fff5ee; padding: 2mm 3mm; font-weight: 600 }
        .plots { display: flex; flex-wrap: wrap; gap: 3mm } .plots figure { margin: 0; width: calc(50% - 2mm); break-inside: avoid } .plots svg { width: 100%; height: auto; border: 1px solid #ddd }
        .small { font-size: 9pt; color: #333 }
        """;

    private static readonly (string Place, string Title, string Note)[] Sections =
    [
        (PaperNumbers.Table1, "Table 1: readers against the ground truth", "Internal test. Dice of each reader against the majority of the three, mean ± SD over cases; ICC(2,1) of the volumes of all readers."),
        (PaperNumbers.Table2, "Table 2: model against the ground truth", "Dice, mean ± SD over the cases in which the ground truth holds the type."),
        (PaperNumbers.Table3, "Table 3: volumes, model and ABC/2 against the ground truth", "ICC(2,1) and Pearson's correlation. The paper does not say which form its ICC has. ABC/2 is that of the ground truth's own outlines."),
        (PaperNumbers.Differences, "Differences of volume from the ground truth", "Method − ground truth."),
        (PaperNumbers.Bias, "Wilcoxon signed-rank test of the model's volumes", "The shift here is the pseudomedian of Hodges and Lehmann; the paper does not say what its estimate is."),
        (PaperNumbers.Clean, "Scans without hemorrhage", "Share in which the model finds none of any type."),
    ];

    public static void Write(EvaluatedCohort cohort, TextWriter w)
    {
        w.WriteLine($"<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Xu et al. 2021 on phantoms</title><style>{Style}</style></head><body>");
        w.WriteLine($"<h1>Xu et al. 2021 on phantoms</h1><p class=\"notice\">{Encode(ReportFiles.Notice)}</p>");
        w.Write("<dl>");
        Term("Paper", "Xu J, Zhang R, Zhou Z et al. Deep Network for the Automatic Segmentation and Quantification of Intracranial Hemorrhage on CT. Front. Neurosci. 14:541817 (2021), doi:10.3389/fnins.2020.541817");
        Term("Cohort", $"{cohort.Planned.Count} studies: {string.Join(", ", CohortRun.Groups(cohort.Planned))}{(cohort.Scale < 1 ? FormattableString.Invariant($" (scale {cohort.Scale} of the paper's 61, 87, 63, 86 and 402: too few for its statistics)") : "")}");
        Term("Evaluated", $"{cohort.Cases.Count}{(cohort.Cases.LeftOut > 0 ? $", and {cohort.Cases.LeftOut} left out (evaluation.html says why)" : "")}");
        Term("Model", cohort.Cases.Model);
        Term("Ground truth", "what at least two of three readers marked, as in the paper");
        w.WriteLine("</dl><p class=\"small\">Grey: the paper. Bold: here, with the 95 % interval.</p>");
        foreach (var (place, title, note) in Sections)
        {
            w.WriteLine($"<h2>{Encode(title)}</h2><p class=\"small\">{Encode(note)} Paper: {Encode(place)}.</p>");
            Table([.. PaperNumbers.All.Where(n => n.Place == place)], cohort.Figures, w);
        }

        w.WriteLine("<h2>Figure 3: volumes against the ground truth</h2><div class=\"plots\">");
        foreach (var (name, plot) in Figure3.Plots(cohort.Cases))
        {
            w.WriteLine($"<figure aria-label=\"{name}\">{SvgRenderer.Render(name, plot, isDocument: false)}</figure>");
        }

        w.Write("</div><h2>How the phantoms were made and read</h2><dl>");
        Term("Readers", SimulatedReader.Description);
        Term("Scanners", $"{PhantomHospital.A.Description}. {PhantomHospital.B.Description}.");
        Term("Seeds", "from 20,000; the model was trained on seeds from 1,000,000, and its thresholds were fitted on seeds below 1,000, its rules for findings on seeds from 31,000, under these scanners among others");
        Term("Time", FormattableString.Invariant($"{cohort.Took.TotalMinutes:F1} min on {Environment.ProcessorCount} cores, of it {cohort.Measured.TotalMinutes:F1} until the last study was measured"));
        w.WriteLine("</dl></body></html>");

        void Term(string name, string value) => w.Write($"<dt>{Encode(name)}</dt><dd>{Encode(value)}</dd>");
    }

    private static void Table(IReadOnlyList<PaperNumber> numbers, Figures figures, TextWriter w)
    {
        var columns = numbers.Select(n => n.Column).Distinct().ToList();
        w.Write("<table><thead><tr><th></th>");
        columns.ForEach(column => w.Write($"<th colspan=\"2\">{Encode(column)}</th>"));
        w.Write("</tr></thead><tbody>");
        foreach (var row in numbers.GroupBy(n => n.Row))
        {
            w.Write($"<tr><th scope=\"row\">{Encode(row.Key)}</th>");
            foreach (var column in columns)
            {
                var number = row.SingleOrDefault(n => n.Column == column);
                w.Write($"<td class=\"paper\">{(number is null ? None : Encode(number.Printed))}</td><td class=\"here\">{(number is null ? "" : Here(number, figures))}</td>");
            }

            w.Write("</tr>");
        }

        w.WriteLine("</tbody></table>");
    }

    private static string Here(PaperNumber number, Figures figures)
    {
        var figure = figures[number.Here];
        HemoApi.Imaging.Evaluation.Statistics.ConfidenceInterval? interval = figure is { Low: { } low, High: { } high } ? new(low, high) : null;
        return number.Print switch
        {
            Print.MeanAndSd => figure.Value is null ? None : $"{WithSd(figure.Value, figures.SdOf(number), 2)} {Interval(interval, 2)}",
            Print.Coefficient => With(figure.Value, interval, 4),
            Print.P => P(figure.Value),
            Print.Percent => figure.Value is not { } share ? None
                : $"{Number(share * 100, 1)} % ({Number(share * figure.Count, 0)}/{figure.Count}) {Interval(interval is { } i ? new(i.Low * 100, i.High * 100) : null, 1)}",
            _ => With(figure.Value, interval, 1),
        };
    }
}
