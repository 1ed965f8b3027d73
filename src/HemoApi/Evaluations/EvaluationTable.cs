using System.Globalization;
using HemoApi.Imaging.Evaluation.Cohorts;
using HemoApi.Imaging.Evaluation.Statistics;

namespace HemoApi.Evaluations;

/// <summary>One statistic.</summary>
/// <param name="Of">What it is of: `model`, `model_on_reference_cases`, `abc2`, `reader:CODE`, `readers:CODE/CODE`, `readers`, `models`.</param>
/// <param name="Note">Why there is no value, or how it was computed.</param>
public sealed record StatisticRow(
    string Site, string Type, string Of, string Statistic, double? Value, ConfidenceInterval? Interval = null, int? Count = null, string? Note = null);

/// <summary>All statistics of an evaluation as one long table.</summary>
public static class EvaluationTable
{
    public static IEnumerable<StatisticRow> Of(EvaluationResults results) => results.Groups.SelectMany(Of);

    private static IEnumerable<StatisticRow> Of(EvaluationGroup group)
    {
        var statistics = group.Statistics;
        foreach (var row in statistics.Types.SelectMany(Of).Concat(Detection("any", statistics.AnyType)).Concat(statistics.Readers.SelectMany(Readers)).Concat((group.Models ?? []).SelectMany(Models)))
        {
            yield return row with { Site = group.Site };
        }
    }

    private static IEnumerable<StatisticRow> Of(TypeStatistics type)
    {
        var overlap = type.Overlap;
        return Metric(type.Type, "model", "dice", overlap.Dice)
            .Concat(Metric(type.Type, "model_on_reference_cases", "dice", type.ReferenceDice))
            .Concat(Metric(type.Type, "model", "iou", overlap.Iou))
            .Concat(Metric(type.Type, "model", "precision", overlap.Precision))
            .Concat(Metric(type.Type, "model", "recall", overlap.Recall))
            .Concat(Metric(type.Type, "model", "hausdorff95_mm", overlap.Hausdorff95Mm))
            .Concat(Metric(type.Type, "model", "surface_distance_mm", overlap.SurfaceDistanceMm))
            .Concat(Volumes(type.Type, "model", type.Volume))
            .Concat(Volumes(type.Type, "model_on_reference_cases", type.ReferenceVolume))
            .Concat(type.Abc2 is null ? [] : Volumes(type.Type, "abc2", type.Abc2))
            .Concat(Detection(type.Type, type.Detection));
    }

    private static IEnumerable<StatisticRow> Metric(string type, string of, string name, MetricSummary metric)
    {
        var missing = metric.Missing == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{metric.Missing} cases have none");
        yield return new("", type, of, $"{name}.mean", metric.Mean, metric.MeanInterval, metric.Count, missing);
        yield return new("", type, of, $"{name}.sd", metric.Sd, null, metric.Count);
        yield return new("", type, of, $"{name}.median", metric.Median, metric.MedianInterval, metric.Count);
    }

    private static IEnumerable<StatisticRow> Volumes(string type, string of, VolumeStatistics v)
    {
        var n = v.Count;
        StatisticRow Row(string name, double? value, ConfidenceInterval? interval = null, string? note = null) =>
            new("", type, of, name, value, interval, n, note ?? v.NotComputed?.GetValueOrDefault(name.Split('.')[0]));
        yield return Row("difference.mean_ml", v.Difference?.Mean);
        yield return Row("difference.sd_ml", v.Difference?.Sd);
        yield return Row("difference.median_ml", v.Difference?.Median);
        yield return Row("difference.mean_absolute_ml", v.Difference?.MeanAbsolute);
        yield return Row("icc.agreement", v.Icc?.Agreement, v.Icc?.AgreementInterval, v.Icc is null ? null : "ICC(2,1)");
        yield return Row("icc.consistency", v.Icc?.Consistency, v.Icc?.ConsistencyInterval, v.Icc is null ? null : "ICC(3,1)");
        yield return Row("pearson.r", v.Pearson?.R, v.Pearson?.Interval);
        yield return Row("pearson.p", v.Pearson?.P);
        yield return Row("concordance.rho", v.Concordance?.Rho, v.Concordance?.Interval);
        yield return Row("wilcoxon.p", v.Wilcoxon?.P, null, v.Wilcoxon is null ? null : v.Wilcoxon.Exact ? "exact" : "normal approximation");
        yield return Row("wilcoxon.pseudomedian_ml", v.Wilcoxon?.Pseudomedian);
        yield return Row("blandAltman.bias_ml", v.BlandAltman?.Bias, v.BlandAltman?.BiasInterval);
        yield return Row("blandAltman.lower_limit_ml", v.BlandAltman?.LowerLimit, v.BlandAltman?.LowerLimitInterval);
        yield return Row("blandAltman.upper_limit_ml", v.BlandAltman?.UpperLimit, v.BlandAltman?.UpperLimitInterval);
        yield return Row("passingBablok.slope", v.PassingBablok?.Slope, v.PassingBablok?.SlopeInterval);
        yield return Row("passingBablok.intercept_ml", v.PassingBablok?.Intercept, v.PassingBablok?.InterceptInterval);
    }

    private static IEnumerable<StatisticRow> Detection(string type, DetectionStatistics d)
    {
        StatisticRow Row(string name, double? value, ConfidenceInterval? interval, int? n, string? note = null) =>
            new("", type, "model", name, value, interval, n, note ?? d.NotComputed?.GetValueOrDefault(name.Split('.')[0]));
        yield return Row("sensitivity", d.Sensitivity?.Share, d.Sensitivity?.Interval, d.Sensitivity?.Count);
        yield return Row("specificity", d.Specificity?.Share, d.Specificity?.Interval, d.Specificity?.Count);
        foreach (var (name, roc) in new[] { ("roc", d.Roc), ("rocByProbability", d.RocByProbability) })
        {
            yield return Row($"{name}.auc", roc?.Auc, roc?.AucInterval, roc?.Positives + roc?.Negatives);
        }

        foreach (var (name, froc) in new[] { ("froc", d.Froc), ("frocByProbability", d.FrocByProbability) })
        {
            foreach (var rate in (double[])[0.125, 0.25, 0.5, 1, 2, 4, 8])
            {
                yield return Row(
                    string.Create(CultureInfo.InvariantCulture, $"{name}.sensitivity_at_{rate}_per_scan"), froc?.SensitivityAt(rate), null, froc?.Lesions, froc is null ? null : "n counts lesions");
            }
        }
    }

    private static IEnumerable<StatisticRow> Readers(ReaderStatistics r) => r.Readers.SelectMany(reader => Metric(r.Type, $"reader:{reader.Reader}", "dice", reader.Dice))
        .Concat(r.Pairs.SelectMany(pair => Metric(r.Type, $"readers:{pair.First}/{pair.Second}", "dice", pair.Dice)))
        .Append(new("", r.Type, "readers", "icc.agreement", r.Icc?.Agreement, r.Icc?.AgreementInterval, r.Icc?.Subjects, r.NotComputed?.GetValueOrDefault("icc") ?? "ICC(2,1)"));

    private static IEnumerable<StatisticRow> Models(ModelComparison m) =>
        new[] { ("dice_difference", m.Dice), ("absolute_error_difference_ml", m.AbsoluteError), ("volume_difference_ml", m.Volume) }.SelectMany(d =>
            Metric(m.Type, "models", d.Item1, d.Item2.Difference).Append(new("", m.Type, "models", $"{d.Item1}.wilcoxon_p", d.Item2.Wilcoxon?.P, null, d.Item2.Wilcoxon?.Count)));
}
