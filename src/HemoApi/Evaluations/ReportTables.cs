using HemoApi.Imaging.Evaluation.Cohorts;
using static HemoApi.Evaluations.ReportText;

namespace HemoApi.Evaluations;

/// <summary>The tables of a report.</summary>
internal static class ReportTables
{
    public static void Overlap(TextWriter w, CohortStatistics statistics) => Table(
        w,
        ["", "Cases", "Dice, mean ± SD", "Dice, median", "Dice where the reference has it", "IoU", "Precision", "Recall", "95 % Hausdorff, mm", "Surface distance, mm"],
        statistics.Types.Where(t => t.Cases > 0).Select(t => (string[])
        [
            t.Type, $"{t.Cases}", Mean(t.Overlap.Dice, 3), Median(t.Overlap.Dice, 3), $"{Mean(t.ReferenceDice, 3)} <span class=\"interval\">[n = {t.ReferenceCases}]</span>", Mean(t.Overlap.Iou, 3), Mean(t.Overlap.Precision, 3), Mean(t.Overlap.Recall, 3),
            Mean(t.Overlap.Hausdorff95Mm, 2), Mean(t.Overlap.SurfaceDistanceMm, 2),
        ]));

    public static void Differences(TextWriter w, CohortStatistics statistics) => Table(
        w,
        ["", "Cases", "Difference, ml, mean ± SD", "Mean absolute, ml", "Bias, ml", "Lower limit, ml", "Upper limit, ml", "Wilcoxon p", "Pseudomedian, ml"],
        Volumes(statistics).Select(v => (string[])
        [
            v.Name, $"{v.Of.Count}",
            v.Of.Difference is { } d ? WithSd(d.Mean, d.Sd, 2) : None, Number(v.Of.Difference?.MeanAbsolute, 2),
            With(v.Of.BlandAltman?.Bias, v.Of.BlandAltman?.BiasInterval, 2), With(v.Of.BlandAltman?.LowerLimit, v.Of.BlandAltman?.LowerLimitInterval, 2),
            With(v.Of.BlandAltman?.UpperLimit, v.Of.BlandAltman?.UpperLimitInterval, 2), P(v.Of.Wilcoxon?.P), Number(v.Of.Wilcoxon?.Pseudomedian, 2),
        ]));

    public static void Correlations(TextWriter w, CohortStatistics statistics) => Table(
        w,
        ["", "Cases", "ICC(2,1)", "ICC(3,1)", "Pearson r", "Lin's concordance", "Passing–Bablok slope", "Intercept, ml"],
        Volumes(statistics).Select(v => (string[])
        [
            v.Name, $"{v.Of.Count}", With(v.Of.Icc?.Agreement, v.Of.Icc?.AgreementInterval, 4), With(v.Of.Icc?.Consistency, v.Of.Icc?.ConsistencyInterval, 4),
            With(v.Of.Pearson?.R, v.Of.Pearson?.Interval, 4), With(v.Of.Concordance?.Rho, v.Of.Concordance?.Interval, 4),
            With(v.Of.PassingBablok?.Slope, v.Of.PassingBablok?.SlopeInterval, 3), With(v.Of.PassingBablok?.Intercept, v.Of.PassingBablok?.InterceptInterval, 2),
        ]));

    public static void Detection(TextWriter w, CohortStatistics statistics) => Table(
        w,
        ["", "Sensitivity", "Specificity", "Area under ROC by probability", "by volume", "Lesions", "Found at ≤ 0.5 false a scan, by probability", "at ≤ 1", "at ≤ 4", "at ≤ 0.5, by volume", "at ≤ 1", "at ≤ 4"],
        statistics.Types.Select(t => (t.Type, t.Detection)).Append(("Any", statistics.AnyType)).Select(d => (string[])
        [
            d.Item1, Share(d.Item2.Sensitivity), Share(d.Item2.Specificity), With(d.Item2.RocByProbability?.Auc, d.Item2.RocByProbability?.AucInterval, 3),
            With(d.Item2.Roc?.Auc, d.Item2.Roc?.AucInterval, 3), $"{d.Item2.Froc?.Lesions ?? 0}",
            .. new[] { d.Item2.FrocByProbability, d.Item2.Froc }.SelectMany(froc => new[] { 0.5, 1, 4 }.Select(rate => Number(froc?.SensitivityAt(rate), 3))),
        ]));

    public static void Readers(TextWriter w, CohortStatistics statistics)
    {
        var names = statistics.Readers.SelectMany(r => r.Readers.Select(d => d.Reader)).Distinct().ToList();
        Table(
            w,
            ["", .. names, "ICC(2,1) of volumes"],
            Marked(statistics).Select(r => (string[])
            [
                r.Type, .. names.Select(name => Dice(r.Readers.FirstOrDefault(d => d.Reader == name)?.Dice)), With(r.Icc?.Agreement, r.Icc?.AgreementInterval, 4),
            ]));
    }

    public static void ReaderPairs(TextWriter w, CohortStatistics statistics)
    {
        var names = statistics.Readers.SelectMany(r => r.Pairs.Select(p => (p.First, p.Second))).Distinct().ToList();
        Table(
            w,
            ["", .. names.Select(name => $"{name.First} and {name.Second}")],
            Marked(statistics).Select(r => (string[])[r.Type, .. names.Select(name => Dice(r.Pairs.FirstOrDefault(p => (p.First, p.Second) == name)?.Dice))]));
    }

    public static void Models(TextWriter w, IReadOnlyList<ModelComparison> models) => Table(
        w,
        ["", "Cases", "Dice, difference", "p", "Absolute volume error, ml, difference", "p", "Volume, ml, difference", "p"],
        models.Where(m => m.Cases > 0).Select(m => (string[])
        [
            m.Type, $"{m.Cases}", Mean(m.Dice.Difference, 3), P(m.Dice.Wilcoxon?.P), Mean(m.AbsoluteError.Difference, 2), P(m.AbsoluteError.Wilcoxon?.P),
            Mean(m.Volume.Difference, 2), P(m.Volume.Wilcoxon?.P),
        ]));

    public static void Changed(TextWriter w, IReadOnlyList<ChangedCase> changed) => Table(
        w,
        ["Study", "Type", "First, ml", "Second, ml", "Reference, ml", "Change, ml", "Dice, first", "Dice, second"],
        changed.Select(c => (string[])
        [
            $"{c.StudyId}", c.Type, Number(c.FirstMl, 2), Number(c.SecondMl, 2), Number(c.ReferenceMl, 2), Number(c.ChangeMl, 2), Number(c.FirstDice, 3), Number(c.SecondDice, 3),
        ]));

    public static void LeftOut(TextWriter w, IReadOnlyList<LeftOutCase> leftOut) => Table(
        w, ["Study", "Code", "Reason"], leftOut.Select(c => (string[])[$"{c.StudyId}", Encode(c.Code), Encode(c.Detail)]));

    private static IEnumerable<(string Name, VolumeStatistics Of)> Volumes(CohortStatistics statistics)
    {
        foreach (var type in statistics.Types)
        {
            if (type.Cases > 0)
            {
                yield return (type.Type, type.Volume);
            }

            if (type.ReferenceVolume.Count > 0 && type.ReferenceVolume.Count < type.Cases)
            {
                yield return ($"{type.Type} where the reference has it", type.ReferenceVolume);
            }

            if (type.Abc2 is { Count: > 0 } abc2)
            {
                yield return ($"{type.Type} by ABC/2", abc2);
            }
        }
    }

    /// <summary>The types that some reader marked.</summary>
    private static IEnumerable<ReaderStatistics> Marked(CohortStatistics statistics) => statistics.Readers.Where(r => r.Readers.Any(d => d.Dice.Count > 0));

    private static string Dice(MetricSummary? dice) => dice is not { Count: > 0 } ? None : $"{Mean(dice, 3)} <span class=\"interval\">[n = {dice.Count}]</span>";

    /// <param name="rows">Cells as HTML.</param>
    private static void Table(TextWriter w, string[] head, IEnumerable<string[]> rows)
    {
        string[][] body = [.. rows];
        if (body.Length == 0)
        {
            w.WriteLine("<p>There is none.</p>");
            return;
        }

        w.Write("<table><thead><tr>");
        foreach (var cell in head)
        {
            w.Write($"<th scope=\"col\">{Encode(cell)}</th>");
        }

        w.Write("</tr></thead><tbody>");
        foreach (var row in body)
        {
            w.Write($"<tr><th scope=\"row\">{row[0]}</th>");
            foreach (var cell in row[1..])
            {
                w.Write($"<td>{cell}</td>");
            }

            w.Write("</tr>");
        }

        w.WriteLine("</tbody></table>");
    }
}
