using HemoApi.Imaging.Evaluation;
using HemoApi.Imaging.Evaluation.Cohorts;
using HemoApi.Imaging.Masks;
using HemoApi.Results;
using HemoApi.Storage;

namespace HemoApi.Evaluations;

/// <summary>Results for the API document, computed as those of a run from the figures of one case.</summary>
internal static class EvaluationExample
{
    public static EvaluationResults Results(Guid evaluationId, Guid studyId, ModelReference model)
    {
        List<EvaluatedCase> cases = [new(studyId, CohortSite.Internal, Case(18.4, 19.1), null)];
        var groups = EvaluationResults.GroupsOf(cases);
        return new(
            evaluationId, "Hospital A and B", model, null, "majority", null, [], EvaluationConventions.Current, groups, null,
            [.. cases.Select(CaseDocument.Of)], [], [.. EvaluationPlots.Of(cases, groups[0].Statistics).Keys]);
    }

    private static CaseComparison Case(double modelMl, double referenceMl) => new(
        [
            new(new TypeAgreement(HemorrhageType.Ich, 0.91, 0.835, 0.93, 0.89, modelMl, referenceMl), new SurfaceDistances(1.9, 4.2, 0.6), 12.4, 12.9, [new FoundLesion(modelMl, 0, 0.993)], [referenceMl]),
            new(new TypeAgreement(HemorrhageType.Edh, null, null, null, null, 0, 0), null, null, null, [], []),
            new(new TypeAgreement(HemorrhageType.Sdh, null, null, null, null, 0, 0), null, null, null, [], []),
        ],
        [],
        []);
}
