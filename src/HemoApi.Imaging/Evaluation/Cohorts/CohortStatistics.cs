using HemoApi.Imaging.Masks;

namespace HemoApi.Imaging.Evaluation.Cohorts;

/// <summary>Everything about one type.</summary>
/// <param name="Type">ICH, EDH or SDH.</param>
/// <param name="Cases">In which the model or the reference holds the type: overlap and volumes are over these.</param>
/// <param name="ReferenceCases">In which the reference holds it: ReferenceDice, ReferenceVolume and ABC/2 are over these, as the figures of Xu et al. 2021.</param>
/// <param name="EmptyCases">In which neither does: they count for specificity and ROC alone.</param>
/// <param name="ReferenceDice">Without the cases in which the model alone found some: those are a matter of specificity.</param>
/// <param name="Volume">The model's volumes.</param>
/// <param name="ReferenceVolume">The model's volumes over the cases of ABC/2, to hold the two beside each other.</param>
/// <param name="Abc2">The bedside estimate of the reference's own outlines (Xu et al. 2021, table 3), so that its error is that of the method; absent
/// for EDH and SDH, for which it is not applicable.</param>
public sealed record TypeStatistics(
    string Type,
    int Cases,
    int ReferenceCases,
    int EmptyCases,
    OverlapStatistics Overlap,
    MetricSummary ReferenceDice,
    VolumeStatistics Volume,
    VolumeStatistics ReferenceVolume,
    VolumeStatistics? Abc2,
    DetectionStatistics Detection);

/// <summary>Everything about a group of cases.</summary>
/// <param name="Types">In label order.</param>
/// <param name="AnyType">Detection of any hemorrhage; its clean cases have none of any type in the reference.</param>
/// <param name="Readers">By type; empty where fewer than two readers have drawn masks.</param>
public sealed record CohortStatistics(
    int Cases, IReadOnlyList<TypeStatistics> Types, DetectionStatistics AnyType, IReadOnlyList<ReaderStatistics> Readers)
{
    public static CohortStatistics Of(IReadOnlyList<CaseComparison> cases) => new(
        cases.Count,
        [.. HemorrhageTypes.All.Select(type => Of(type, [.. cases.Select(c => c.Types.Single(t => t.Type == type))]))],
        DetectionStatistics.Of([.. cases.Select(c => c.Types)]),
        [.. HemorrhageTypes.All.Select(type => ReaderStatistics.Of(type, cases)).OfType<ReaderStatistics>()]);

    private static TypeStatistics Of(HemorrhageType type, IReadOnlyList<TypeComparison> all)
    {
        List<TypeComparison> held = [.. all.Where(c => !c.IsEmpty)];
        List<TypeComparison> truth = [.. all.Where(c => c.Agreement.ReferenceVolumeMl > 0)];
        return new(
            type.Code(),
            held.Count,
            truth.Count,
            all.Count - held.Count,
            OverlapStatistics.Of(held),
            MetricSummary.Of(truth.Select(c => c.Agreement.Dice)),
            VolumeStatistics.Of([.. held.Select(c => c.Agreement.VolumeMl)], [.. held.Select(c => c.Agreement.ReferenceVolumeMl)]),
            VolumeStatistics.Of([.. truth.Select(c => c.Agreement.VolumeMl)], [.. truth.Select(c => c.Agreement.ReferenceVolumeMl)]),
            Quantification.Abc2Estimate.AppliesTo(type)
                ? VolumeStatistics.Of([.. truth.Select(c => c.ReferenceAbc2Ml!.Value)], [.. truth.Select(c => c.Agreement.ReferenceVolumeMl)])
                : null,
            DetectionStatistics.Of([.. all.Select(c => (IReadOnlyList<TypeComparison>)[c])]));
    }
}
