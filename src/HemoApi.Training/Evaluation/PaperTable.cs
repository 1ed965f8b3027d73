using System.Globalization;
using HemoApi.Imaging.Evaluation.Cohorts;
using HemoApi.Imaging.Evaluation.Paper;
using HemoApi.Imaging.Evaluation.Statistics;
using HemoApi.Imaging.Masks;

namespace HemoApi.Training.Evaluation;

/// <param name="Paper">As the paper prints it; null where it does not have the figure.</param>
/// <param name="IsReached">Whether the figure here is at least as good; null where there is none of the paper, or where neither is the better.</param>
internal sealed record TableLine(string Group, string Figure, string Here, string? Paper, bool? IsReached);

/// <summary>The figures of a cohort, line by line, beside those of the paper's internal test (tables 2 and 3 and the text).</summary>
internal static class PaperTable
{
    private const string Any = "any";

    private enum Better
    {
        Higher,
        Lower,
        NearerZero,
        Neither,
    }

    public static IReadOnlyList<TableLine> Of(CohortFigures figures) => [.. figures.Types.SelectMany(Lines), .. AnyType(figures)];

    private static IEnumerable<TableLine> Lines(TypeFigures t)
    {
        var type = t.Type.Code();
        yield return new(type, "studies", t.Studies.ToString(CultureInfo.InvariantCulture), null, null);
        yield return Line("Dice, mean ± SD", t.Dice.Mean, $"{Number(t.Dice.Mean, 3)} ± {Number(t.Dice.Sd, 3)}", PaperNumbers.Model, "dice.mean", Better.Higher);
        yield return new(type, "Dice, median", Number(t.Dice.Median, 3), null, null);
        foreach (var line in Volumes("volume", PaperNumbers.Model, t.Volume, isJudged: true))
        {
            yield return line;
        }

        yield return Line(
            "volume, Wilcoxon p", t.Volume.Wilcoxon?.P, t.Volume.Wilcoxon is { } w ? (w.P < 0.001 ? "< 0.001" : Number(w.P, 3)) : Number(null, 3), PaperNumbers.Model, "wilcoxon.p", Better.Neither);
        yield return Line(
            "volume, shift (Hodges–Lehmann), ml", t.Volume.Wilcoxon?.Pseudomedian, Number(t.Volume.Wilcoxon?.Pseudomedian, 2), PaperNumbers.Model, "wilcoxon.pseudomedian_ml", Better.NearerZero);
        foreach (var line in t.Abc2 is { } abc2 ? Volumes("ABC/2 of the reference", PaperNumbers.Abc2, abc2, isJudged: false) : [])
        {
            yield return line;
        }

        yield return new(type, "sensitivity", Share(t.Sensitivity), null, null);
        yield return new(type, "found where there is none", Share(t.FalseStudies), null, null);
        yield return new(type, "found where there is none, mean ml", Number(t.FalseMl?.Mean, 2), null, null);

        IEnumerable<TableLine> Volumes(string what, string of, VolumeStatistics v, bool isJudged)
        {
            Better If(Better better) => isJudged ? better : Better.Neither;
            yield return Line($"{what}, mean difference, ml", v.Difference?.Mean, Number(v.Difference?.Mean, 2), of, "difference.mean_ml", If(Better.NearerZero));
            yield return Line($"{what}, SD of differences, ml", v.Difference?.Sd, Number(v.Difference?.Sd, 2), of, "difference.sd_ml", If(Better.Lower));
            yield return Line($"{what}, mean absolute difference, ml", v.Difference?.MeanAbsolute, Number(v.Difference?.MeanAbsolute, 2), of, "difference.mean_absolute_ml", If(Better.Lower));
            yield return Line($"{what}, ICC(2,1)", v.Icc?.Agreement, With(v.Icc?.Agreement, v.Icc?.AgreementInterval), of, "icc.agreement", If(Better.Higher));
            yield return Line($"{what}, PCC", v.Pearson?.R, With(v.Pearson?.R, v.Pearson?.Interval), of, "pearson.r", If(Better.Higher));
        }

        TableLine Line(string figure, double? value, string here, string of, string statistic, Better better) =>
            Beside(type, figure, value, here, new(PaperNumbers.Internal, type, of, statistic), better);
    }

    private static IEnumerable<TableLine> AnyType(CohortFigures f)
    {
        yield return Beside(
            Any, "specificity: nothing found in studies without hemorrhage", f.Specificity?.Share, Share(f.Specificity), new(PaperNumbers.External, Any, "model", "specificity"), Better.Higher);
        yield return new(Any, "volume found in them, mean and largest, ml", $"{Number(f.FalseMl?.Mean, 2)}; {Number(f.LargestFalseMl, 2)}", null, null);
        yield return new(Any, "Dice of any type, studies: mean ± SD; median", Spread(f.UnionDice), null, null);
        yield return new(Any, "Dice of any type, slices with blood: mean ± SD; median", Spread(f.SliceDice), null, null);
    }

    private static TableLine Beside(string group, string figure, double? value, string here, StatisticKey key, Better better)
    {
        var paper = PaperNumbers.All.SingleOrDefault(n => n.Here == key);
        bool? reached = paper is null || value is not { } ours ? null : better switch
        {
            Better.Higher => ours >= paper.Value,
            Better.Lower => ours <= paper.Value,
            Better.NearerZero => Math.Abs(ours) <= Math.Abs(paper.Value),
            _ => null,
        };
        return new(group, figure, here, paper?.Printed, reached);
    }

    private static string Spread(MetricSummary m) => $"{Number(m.Mean, 3)} ± {Number(m.Sd, 3)}; {Number(m.Median, 3)}";

    private static string With(double? value, ConfidenceInterval? interval) =>
        interval is { } i ? $"{Number(value, 4)} ({Number(i.Low, 4)} to {Number(i.High, 4)})" : Number(value, 4);

    private static string Share(Proportion? p) => p is null ? Number(null, 0)
        : $"{Number(p.Share * 100, 1)} % ({p.Hits}/{p.Count}; {Number(p.Interval.Low * 100, 1)} to {Number(p.Interval.High * 100, 1)} %)";

    private static string Number(double? value, int decimals) => value is { } v && double.IsFinite(v) ? v.ToString($"F{decimals}", CultureInfo.InvariantCulture).Replace('-', '−') : "–";
}
