using System.Globalization;
using HemoApi.Imaging;
using HemoApi.Jobs;
using HemoApi.Storage;

namespace HemoApi.Evaluations;

public static class EvaluationFaults
{
    public static Fault NotFound { get; } = new(
        FaultCodes.NotFound,
        "There is no evaluation of this id.",
        "Use the evaluationId that its creation answered; an evaluation is visible only to its own tenant.");

    public static Fault NoSuchPlot { get; } = new(
        FaultCodes.NotFound,
        "The evaluation has no plot of this name.",
        "Take a name that the evaluation's results list under plots; what too few cases allow no plot of has none.");

    public static Fault Empty(int studies) => new(
        FaultCodes.EvaluationEmpty,
        studies == 0 ? "The cohort has no study." : $"None of the {studies} studies of the cohort has that reference.",
        "Upload references with POST /api/v1/studies/{id}/references first; a consensus takes the masks of 2 to 8 readers of a study.");

    public static Fault EmptyQuery(Guid queryId, int matched) => new(
        FaultCodes.EvaluationEmpty,
        matched == 0 ? $"Saved query {queryId} finds no study." : $"None of the {matched} studies that saved query {queryId} finds has that reference.",
        "See what it finds with GET /api/v1/analytics/results?queryId=, upload references of those studies, or leave the query out.");

    public static Fault TwoSites(int studies) => new(
        FaultCodes.RequestInvalid,
        $"{studies} studies are found by two saved queries of different sites.",
        "Save queries that share no study, e.g. by site, or name these studies in the list, which goes first.");

    public static Fault NotReady(Evaluation evaluation) => new(
        FaultCodes.EvaluationNotReady,
        $"The evaluation is {JobFaults.Word(evaluation.Status)}.",
        evaluation.Status is JobStatus.Queued or JobStatus.Running
            ? $"Wait for it with GET {EvaluationLinks.Path(evaluation.Id)}?waitSeconds=60."
            : $"See why with GET {EvaluationLinks.Path(evaluation.Id)}, then create it again.");

    public static Fault Timeout(TimeSpan limit) => new(
        FaultCodes.JobTimeout,
        string.Create(CultureInfo.InvariantCulture, $"The evaluation ran longer than the limit of {limit.TotalSeconds:0} s."),
        "Evaluate fewer studies at once, or ask whoever runs the service to raise Evaluations:Timeout.");

    public static Fault Invalid(string detail, string remedy) => new(FaultCodes.RequestInvalid, detail, remedy);
}
