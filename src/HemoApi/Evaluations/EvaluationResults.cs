using HemoApi.Imaging;
using HemoApi.Imaging.Evaluation.Cohorts;
using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Results;
using HemoApi.Storage;

namespace HemoApi.Evaluations;

/// <summary>What an evaluation found. Volumes in ml, lengths in mm; intervals are of 95 %.</summary>
/// <param name="Reference">`majority`, `staple`, or the code of a reader.</param>
/// <param name="SavedQueries">Of the cohort, as they were when the evaluation was created; absent where it has none.</param>
/// <param name="Warnings">What the reader must know about the cohort.</param>
/// <param name="Conventions">How the figures count, in words.</param>
/// <param name="Groups">All cases together, then those of each kind of site that the cohort has.</param>
/// <param name="MostChanged">Where two models were compared: the cases and types whose volumes differ most, the most different first.</param>
/// <param name="Cases">The figures of each case.</param>
/// <param name="LeftOut">Studies of the cohort that could not be evaluated, with the reason.</param>
/// <param name="Plots">Names of the plots that the cases allow.</param>
public sealed record EvaluationResults(
    Guid EvaluationId,
    string? Name,
    ModelReference Model,
    ModelReference? OtherModel,
    string Reference,
    IReadOnlyList<ResolvedQuery>? SavedQueries,
    IReadOnlyList<ResultWarning> Warnings,
    EvaluationConventions Conventions,
    IReadOnlyList<EvaluationGroup> Groups,
    IReadOnlyList<ChangedCase>? MostChanged,
    IReadOnlyList<CaseDocument> Cases,
    IReadOnlyList<LeftOutCase> LeftOut,
    IReadOnlyList<string> Plots)
{
    private const int MostChangedCases = 10;

    public static EvaluationResults Of(
        Evaluation evaluation, ModelManifest model, ModelManifest? other, IReadOnlyList<EvaluatedCase> cases, IReadOnlyList<LeftOutCase> leftOut)
    {
        var groups = GroupsOf(cases);
        return new(
            evaluation.Id,
            evaluation.Name,
            Named(model),
            other is null ? null : Named(other),
            evaluation.Reference,
            evaluation.SavedQueries,
            WarningsOf(evaluation),
            EvaluationConventions.Current,
            groups,
            other is null ? null : Changed(cases),
            [.. cases.Select(CaseDocument.Of)],
            leftOut,
            [.. EvaluationPlots.Of(cases, groups[0].Statistics).Keys]);
    }

    /// <summary>All cases, then the sites that there are.</summary>
    public static IReadOnlyList<EvaluationGroup> GroupsOf(IReadOnlyList<EvaluatedCase> cases) =>
    [
        EvaluationGroup.Of("all", cases),
        .. cases.GroupBy(c => c.Site).OrderBy(g => g.Key).Select(g => EvaluationGroup.Of(g.Key == CohortSite.External ? "external" : "internal", [.. g])),
    ];

    /// <summary>One for each saved query that found studies without the reference.</summary>
    private static IReadOnlyList<ResultWarning> WarningsOf(Evaluation evaluation) =>
    [
        .. (evaluation.SavedQueries ?? []).Where(q => q.WithoutReference > 0).Select(q => new ResultWarning(
            WarningCodes.EvaluationReferenceMissing,
            $"Saved query {q.QueryId} found {q.MatchedStudies} studies; {q.WithoutReference} of them have no such reference and are not in the cohort.")),
    ];

    private static ModelReference Named(ModelManifest manifest) => new(manifest.Id, manifest.Version, manifest.Sha256);

    private static IReadOnlyList<ChangedCase> Changed(IReadOnlyList<EvaluatedCase> cases) =>
    [
        .. cases.SelectMany(c => c.Comparison.Types.Zip(c.Other!.Types, (first, second) => new ChangedCase(
                c.StudyId,
                first.Type.Code(),
                first.Agreement.VolumeMl,
                second.Agreement.VolumeMl,
                first.Agreement.ReferenceVolumeMl,
                second.Agreement.VolumeMl - first.Agreement.VolumeMl,
                first.Agreement.Dice,
                second.Agreement.Dice)))
            .Where(c => c.ChangeMl != 0)
            .OrderByDescending(c => Math.Abs(c.ChangeMl))
            .Take(MostChangedCases),
    ];
}

/// <param name="Site">`all`, `internal` or `external`.</param>
/// <param name="Models">The second model against the first, by type; absent where there is one model.</param>
public sealed record EvaluationGroup(string Site, CohortStatistics Statistics, IReadOnlyList<ModelComparison>? Models)
{
    public static EvaluationGroup Of(string site, IReadOnlyList<EvaluatedCase> cases) => new(
        site,
        CohortStatistics.Of([.. cases.Select(c => c.Comparison)]),
        cases.All(c => c.Other is not null)
            ? [.. HemorrhageTypes.All.Select(type => ModelComparison.Of(type, [.. cases.Select(c => (c.Comparison, c.Other!))]))]
            : null);
}

/// <summary>A type of a case on which two models differ.</summary>
/// <param name="ChangeMl">Second − first.</param>
public sealed record ChangedCase(
    Guid StudyId, string Type, double FirstMl, double SecondMl, double ReferenceMl, double ChangeMl, double? FirstDice, double? SecondDice);

/// <param name="Site">`internal` or `external`.</param>
/// <param name="Other">By the second model.</param>
public sealed record CaseDocument(Guid StudyId, CohortSite Site, IReadOnlyList<CaseTypeDocument> Types, IReadOnlyList<CaseTypeDocument>? Other)
{
    public static CaseDocument Of(EvaluatedCase c) => new(
        c.StudyId,
        c.Site,
        [.. c.Comparison.Types.Select(CaseTypeDocument.Of)],
        c.Other is null ? null : [.. c.Other.Types.Select(CaseTypeDocument.Of)]);
}

/// <summary>One type of a case.</summary>
/// <param name="Dice">Absent where neither mask holds the type, as are IoU, precision and recall.</param>
/// <param name="Hausdorff95Mm">Absent where either mask does not hold the type, as is the surface distance.</param>
/// <param name="Abc2Ml">ABC/2 of the model's mask; absent for EDH and SDH.</param>
/// <param name="ReferenceAbc2Ml">ABC/2 of the reference's outlines; absent for EDH and SDH.</param>
/// <param name="MaximumProbability">The highest probability of the type in the model's lesions; absent where it found none, and where the study's results were stored before it was kept.</param>
/// <param name="LesionCount">Connected lesions of the model's mask.</param>
/// <param name="HitLesionCount">Lesions of the reference that one of the model's hits.</param>
/// <param name="FalseLesionCount">Lesions of the model's mask that share no voxel with the reference.</param>
public sealed record CaseTypeDocument(
    string Type,
    double? Dice,
    double? Iou,
    double? Precision,
    double? Recall,
    double? Hausdorff95Mm,
    double? SurfaceDistanceMm,
    double VolumeMl,
    double ReferenceVolumeMl,
    double DifferenceMl,
    double? Abc2Ml,
    double? ReferenceAbc2Ml,
    double? MaximumProbability,
    int LesionCount,
    int ReferenceLesionCount,
    int HitLesionCount,
    int FalseLesionCount)
{
    public static CaseTypeDocument Of(TypeComparison c) => new(
        c.Type.Code(),
        c.Agreement.Dice,
        c.Agreement.Iou,
        c.Agreement.Precision,
        c.Agreement.Recall,
        c.Distances?.Hausdorff95Mm,
        c.Distances?.MeanMm,
        c.Agreement.VolumeMl,
        c.Agreement.ReferenceVolumeMl,
        c.Agreement.DifferenceMl,
        c.Abc2Ml,
        c.ReferenceAbc2Ml,
        c.MaximumProbability,
        c.Lesions.Count,
        c.ReferenceLesionCount,
        c.Lesions.Select(l => l.Hits).OfType<int>().Distinct().Count(),
        c.Lesions.Count(l => l.Hits is null));
}
