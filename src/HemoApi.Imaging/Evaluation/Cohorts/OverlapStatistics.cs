namespace HemoApi.Imaging.Evaluation.Cohorts;

/// <summary>How masks overlap with the reference, over the cases in which either holds the type; how empty masks count is said at
/// <see cref="TypeAgreement"/>.</summary>
/// <param name="Hausdorff95Mm">95th percentile of the distances between the surfaces, the larger of both directions.</param>
/// <param name="SurfaceDistanceMm">Mean distance between the surfaces.</param>
public sealed record OverlapStatistics(
    MetricSummary Dice, MetricSummary Iou, MetricSummary Precision, MetricSummary Recall, MetricSummary Hausdorff95Mm, MetricSummary SurfaceDistanceMm)
{
    /// <param name="cases">Those that are not empty.</param>
    public static OverlapStatistics Of(IReadOnlyList<TypeComparison> cases) => new(
        MetricSummary.Of(cases.Select(c => c.Agreement.Dice)),
        MetricSummary.Of(cases.Select(c => c.Agreement.Iou)),
        MetricSummary.Of(cases.Select(c => c.Agreement.Precision)),
        MetricSummary.Of(cases.Select(c => c.Agreement.Recall)),
        MetricSummary.Of(cases.Select(c => c.Distances?.Hausdorff95Mm)),
        MetricSummary.Of(cases.Select(c => c.Distances?.MeanMm)));
}
