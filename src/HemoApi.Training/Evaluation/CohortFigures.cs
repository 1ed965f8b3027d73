using HemoApi.Imaging.Evaluation.Cohorts;
using HemoApi.Imaging.Evaluation.Statistics;
using HemoApi.Imaging.Masks;

namespace HemoApi.Training.Evaluation;

/// <summary>A type over the studies of a cohort.</summary>
/// <param name="Studies">In which the reference holds the type. Dice and volumes are over these, as in Xu et al. 2021.</param>
/// <param name="Volume">The model's volumes against the reference's.</param>
/// <param name="Abc2">ABC/2 of the reference's own outlines against its volumes; null for EDH and SDH.</param>
/// <param name="Sensitivity">Share of the studies with the type in which some of it was found; null where there is none.</param>
/// <param name="FalseStudies">Studies without the type in which some was found, of all without it; null where there is none.</param>
/// <param name="FalseMl">Volume found in each study without the type; null where there is none.</param>
internal sealed record TypeFigures(
    HemorrhageType Type,
    int Studies,
    MetricSummary Dice,
    VolumeStatistics Volume,
    VolumeStatistics? Abc2,
    Proportion? Sensitivity,
    Proportion? FalseStudies,
    Summary? FalseMl)
{
    public static TypeFigures Of(HemorrhageType type, IReadOnlyList<StudyRow> rows)
    {
        var scores = rows.ToLookup(row => row.Types.Single(t => t.Type == type).ReferenceMl > 0, row => row.Types.Single(t => t.Type == type));
        List<TypeScore> with = [.. scores[true]];
        double[] reference = [.. with.Select(t => t.ReferenceMl)];
        double[] falseMl = [.. scores[false].Select(t => t.FoundMl)];
        return new(
            type,
            with.Count,
            MetricSummary.Of(with.Select(t => t.Dice)),
            VolumeStatistics.Of([.. with.Select(t => t.FoundMl)], reference),
            Imaging.Quantification.Abc2Estimate.AppliesTo(type) ? VolumeStatistics.Of([.. with.Select(t => t.ReferenceAbc2Ml!.Value)], reference) : null,
            with.Count > 0 ? Proportion.Of(with.Count(t => t.FoundMl > 0), with.Count) : null,
            falseMl.Length > 0 ? Proportion.Of(falseMl.Count(ml => ml > 0), falseMl.Length) : null,
            falseMl.Length > 0 ? Summary.Of(falseMl) : null);
    }
}

/// <summary>The figures of Xu et al. 2021 over a cohort, and what the paper leaves out.</summary>
/// <param name="Types">In label order.</param>
/// <param name="Specificity">Share of the studies without hemorrhage in which nothing of any type was found; null where there is none.</param>
/// <param name="FalseMl">Volume found in each study without hemorrhage; null where there is none.</param>
/// <param name="LargestFalseMl">The most found in one of them.</param>
/// <param name="UnionDice">Of any hemorrhage, over the studies with some in the reference.</param>
/// <param name="SliceDice">Of any hemorrhage, over the slices with some in the reference.</param>
internal sealed record CohortFigures(
    IReadOnlyList<TypeFigures> Types, Proportion? Specificity, Summary? FalseMl, double? LargestFalseMl, MetricSummary UnionDice, MetricSummary SliceDice)
{
    public static CohortFigures Of(IReadOnlyList<StudyRow> rows)
    {
        double[] clean = [.. rows.Where(row => row.IsClean).Select(row => row.FoundMl)];
        return new(
            [.. HemorrhageTypes.All.Select(type => TypeFigures.Of(type, rows))],
            clean.Length > 0 ? Proportion.Of(clean.Count(ml => ml == 0), clean.Length) : null,
            clean.Length > 0 ? Summary.Of(clean) : null,
            clean.Length > 0 ? clean.Max() : null,
            MetricSummary.Of(rows.Where(row => !row.IsClean).Select(row => row.Union.Dice)),
            MetricSummary.Of(rows.SelectMany(row => row.Union.SliceDice).Select(dice => (double?)dice)));
    }
}
