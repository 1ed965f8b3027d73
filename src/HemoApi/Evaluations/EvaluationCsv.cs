using System.Globalization;

namespace HemoApi.Evaluations;

/// <summary>The figures as CSV (RFC 4180): one row a case and type, or one row a statistic. Numbers as in JSON; empty where there is none.</summary>
public static class EvaluationCsv
{
    public static readonly string[] CaseColumns =
    [
        "study_id", "site", "model", "type", "dice", "iou", "precision", "recall", "hausdorff95_mm", "surface_distance_mm", "volume_ml", "reference_volume_ml",
        "difference_ml", "abc2_ml", "reference_abc2_ml", "lesions", "reference_lesions", "hit_lesions", "false_lesions", "maximum_probability",
    ];

    public static readonly string[] StatisticColumns = ["site", "type", "of", "statistic", "value", "low", "high", "n", "note"];

    public static void WriteCases(EvaluationResults results, TextWriter writer)
    {
        Row(writer, CaseColumns);
        foreach (var c in results.Cases)
        {
            foreach (var (model, types) in new[] { (results.Model, c.Types), (results.OtherModel, c.Other ?? []) })
            {
                foreach (var t in types)
                {
                    Row(
                        writer, c.StudyId, c.Site.ToString().ToLowerInvariant(), $"{model!.Id} {model.Version}", t.Type, t.Dice, t.Iou, t.Precision, t.Recall, t.Hausdorff95Mm,
                        t.SurfaceDistanceMm, t.VolumeMl, t.ReferenceVolumeMl, t.DifferenceMl, t.Abc2Ml, t.ReferenceAbc2Ml, t.LesionCount, t.ReferenceLesionCount,
                        t.HitLesionCount, t.FalseLesionCount, t.MaximumProbability);
                }
            }
        }
    }

    public static void WriteStatistics(EvaluationResults results, TextWriter writer)
    {
        Row(writer, StatisticColumns);
        foreach (var row in EvaluationTable.Of(results))
        {
            Row(writer, row.Site, row.Type, row.Of, row.Statistic, row.Value, row.Interval?.Low, row.Interval?.High, row.Count, row.Note);
        }
    }

    private static void Row(TextWriter writer, params object?[] cells) => writer.Write(string.Join(',', cells.Select(Cell)) + "\r\n");

    private static string Cell(object? value)
    {
        var text = value switch
        {
            null => "",
            double d => double.IsFinite(d) ? d.ToString("R", CultureInfo.InvariantCulture) : "",
            IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };

        // A leading = + - or @ in a text would be a formula to a spreadsheet.
        text = value is string && text is ['=' or '+' or '-' or '@', ..] ? $"'{text}" : text;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
