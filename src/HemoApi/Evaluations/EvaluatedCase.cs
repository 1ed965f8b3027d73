using HemoApi.Imaging;
using HemoApi.Imaging.Evaluation.Cohorts;
using HemoApi.Storage;

namespace HemoApi.Evaluations;

/// <param name="Other">By the second model; null where there is none.</param>
public sealed record EvaluatedCase(Guid StudyId, CohortSite Site, CaseComparison Comparison, CaseComparison? Other);

/// <summary>A study of the cohort that could not be evaluated.</summary>
/// <param name="Code">As in a problem document.</param>
public sealed record LeftOutCase(Guid StudyId, string Code, string Detail)
{
    public static LeftOutCase Of(Guid studyId, Fault fault) => new(studyId, fault.Code, fault.Detail);
}
