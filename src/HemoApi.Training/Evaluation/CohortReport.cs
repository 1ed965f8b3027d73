using System.Text;

namespace HemoApi.Training.Evaluation;

/// <summary>The table as Markdown, and its figures for a manifest.</summary>
internal static class CohortReport
{
    public const string FileName = "evaluation.md";

    private static readonly (string Name, Func<TypeFigures, double?> Of)[] TypeMetrics =
    [
        ("Studies", t => t.Studies),
        ("Dice", t => t.Dice.Mean),
        ("DiceSd", t => t.Dice.Sd),
        ("DiceMedian", t => t.Dice.Median),
        ("DifferenceMl", t => t.Volume.Difference?.Mean),
        ("DifferenceSdMl", t => t.Volume.Difference?.Sd),
        ("AbsoluteDifferenceMl", t => t.Volume.Difference?.MeanAbsolute),
        ("Icc", t => t.Volume.Icc?.Agreement),
        ("Pearson", t => t.Volume.Pearson?.R),
        ("Sensitivity", t => t.Sensitivity?.Share),
        ("FalseStudyShare", t => t.FalseStudies?.Share),
    ];

    public static string Markdown(string model, string cohort, CohortFigures figures)
    {
        var text = new StringBuilder($"""
            Model {model} on {cohort}. Paper: Xu et al. 2021, internal test, specificity from Hospital B. Volumes by true slice extents; differences are model − reference;
            intervals are 95 % (ICC by F, Pearson by Fisher's z, shares by Wilson). The paper does not say which form its ICC has.

            | | | here | paper | reached |
            | --- | --- | --- | --- | --- |

            """);
        foreach (var line in PaperTable.Of(figures))
        {
            text.Append($"| {line.Group} | {line.Figure} | {line.Here} | {line.Paper} | {line.IsReached switch { true => "yes", false => "no", null => "" }} |\n");
        }

        return text.ToString();
    }

    /// <summary>Named <c>cohort…</c>, so that they stand beside the figures of other evaluations; what could not be computed is left out.</summary>
    public static IReadOnlyDictionary<string, double> Metrics(CohortFigures figures)
    {
        IEnumerable<(string Name, double? Value)> all =
        [
            .. from type in figures.Types
               from metric in TypeMetrics
               select ($"{CardFigures.CohortPrefix}{metric.Name}{type.Type}", metric.Of(type)),
            ($"{CardFigures.CohortPrefix}CleanStudies", figures.Specificity?.Count),
            ($"{CardFigures.CohortPrefix}Specificity", figures.Specificity?.Share),
            ($"{CardFigures.CohortPrefix}FalseMl", figures.FalseMl?.Mean),
            ($"{CardFigures.CohortPrefix}UnionDice", figures.UnionDice.Mean),
            ($"{CardFigures.CohortPrefix}SliceDice", figures.SliceDice.Mean),
            ($"{CardFigures.CohortPrefix}SliceDiceMedian", figures.SliceDice.Median),
        ];
        return all.Where(m => m.Value is { } v && double.IsFinite(v)).ToDictionary(m => m.Name, m => Math.Round(m.Value!.Value, 4));
    }
}
