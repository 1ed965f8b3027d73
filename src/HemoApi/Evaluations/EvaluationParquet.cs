using System.Text.Json.Serialization;
using Parquet.Serialization;

namespace HemoApi.Evaluations;

/// <summary>The tables of <see cref="EvaluationCsv"/> as Apache Parquet, with the same names of columns.</summary>
public static class EvaluationParquet
{
    public static Task WriteCases(EvaluationResults results, Stream output, CancellationToken cancellationToken) => ParquetSerializer.SerializeAsync(
        results.Cases.SelectMany(c => c.Types.Select(t => CaseRow.Of(c, results.Model.Id, results.Model.Version, t))
            .Concat((c.Other ?? []).Select(t => CaseRow.Of(c, results.OtherModel!.Id, results.OtherModel.Version, t)))),
        output,
        cancellationToken: cancellationToken);

    public static Task WriteStatistics(EvaluationResults results, Stream output, CancellationToken cancellationToken) => ParquetSerializer.SerializeAsync(
        EvaluationTable.Of(results).Select(StatisticParquetRow.Of), output, cancellationToken: cancellationToken);

    /// <summary>The table of cases again, with another id for one study.</summary>
    internal static async Task RenameStudy(Stream input, Stream output, Guid study, Guid standIn, CancellationToken cancellationToken)
    {
        var rows = (await ParquetSerializer.DeserializeAsync<CaseRow>(input, cancellationToken: cancellationToken)).Data;
        foreach (var row in rows.Where(r => r.StudyId == study.ToString()))
        {
            row.StudyId = standIn.ToString();
        }

        await ParquetSerializer.SerializeAsync(rows, output, cancellationToken: cancellationToken);
    }

    private static double? Finite(double? value) => value is { } v && double.IsFinite(v) ? v : null;

    internal sealed class CaseRow
    {
        [JsonPropertyName("study_id")]
        public string StudyId { get; set; } = "";

        [JsonPropertyName("site")]
        public string Site { get; set; } = "";

        [JsonPropertyName("model")]
        public string Model { get; set; } = "";

        [JsonPropertyName("type")]
        public string Type { get; set; } = "";

        [JsonPropertyName("dice")]
        public double? Dice { get; set; }

        [JsonPropertyName("iou")]
        public double? Iou { get; set; }

        [JsonPropertyName("precision")]
        public double? Precision { get; set; }

        [JsonPropertyName("recall")]
        public double? Recall { get; set; }

        [JsonPropertyName("hausdorff95_mm")]
        public double? Hausdorff95Mm { get; set; }

        [JsonPropertyName("surface_distance_mm")]
        public double? SurfaceDistanceMm { get; set; }

        [JsonPropertyName("volume_ml")]
        public double VolumeMl { get; set; }

        [JsonPropertyName("reference_volume_ml")]
        public double ReferenceVolumeMl { get; set; }

        [JsonPropertyName("difference_ml")]
        public double DifferenceMl { get; set; }

        [JsonPropertyName("abc2_ml")]
        public double? Abc2Ml { get; set; }

        [JsonPropertyName("reference_abc2_ml")]
        public double? ReferenceAbc2Ml { get; set; }

        [JsonPropertyName("lesions")]
        public int Lesions { get; set; }

        [JsonPropertyName("reference_lesions")]
        public int ReferenceLesions { get; set; }

        [JsonPropertyName("hit_lesions")]
        public int HitLesions { get; set; }

        [JsonPropertyName("false_lesions")]
        public int FalseLesions { get; set; }

        [JsonPropertyName("maximum_probability")]
        public double? MaximumProbability { get; set; }

        public static CaseRow Of(CaseDocument c, string modelId, string modelVersion, CaseTypeDocument t) => new()
        {
            StudyId = c.StudyId.ToString(),
            Site = c.Site.ToString().ToLowerInvariant(),
            Model = $"{modelId} {modelVersion}",
            Type = t.Type,
            Dice = t.Dice,
            Iou = t.Iou,
            Precision = t.Precision,
            Recall = t.Recall,
            Hausdorff95Mm = t.Hausdorff95Mm,
            SurfaceDistanceMm = t.SurfaceDistanceMm,
            VolumeMl = t.VolumeMl,
            ReferenceVolumeMl = t.ReferenceVolumeMl,
            DifferenceMl = t.DifferenceMl,
            Abc2Ml = t.Abc2Ml,
            ReferenceAbc2Ml = t.ReferenceAbc2Ml,
            Lesions = t.LesionCount,
            ReferenceLesions = t.ReferenceLesionCount,
            HitLesions = t.HitLesionCount,
            FalseLesions = t.FalseLesionCount,
            MaximumProbability = t.MaximumProbability,
        };
    }

    internal sealed class StatisticParquetRow
    {
        [JsonPropertyName("site")]
        public string Site { get; set; } = "";

        [JsonPropertyName("type")]
        public string Type { get; set; } = "";

        [JsonPropertyName("of")]
        public string Subject { get; set; } = "";

        [JsonPropertyName("statistic")]
        public string Statistic { get; set; } = "";

        [JsonPropertyName("value")]
        public double? Value { get; set; }

        [JsonPropertyName("low")]
        public double? Low { get; set; }

        [JsonPropertyName("high")]
        public double? High { get; set; }

        [JsonPropertyName("n")]
        public int? Count { get; set; }

        [JsonPropertyName("note")]
        public string? Note { get; set; }

        public static StatisticParquetRow Of(StatisticRow row) => new()
        {
            Site = row.Site,
            Type = row.Type,
            Subject = row.Of,
            Statistic = row.Statistic,
            Value = Finite(row.Value),
            Low = Finite(row.Interval?.Low),
            High = Finite(row.Interval?.High),
            Count = row.Count,
            Note = row.Note,
        };
    }
}
