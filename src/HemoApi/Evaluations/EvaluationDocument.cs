using System.Text.Json.Serialization;
using HemoApi.Audit;
using HemoApi.Imaging;
using HemoApi.Jobs;
using HemoApi.Storage;

namespace HemoApi.Evaluations;

/// <summary>One evaluation and how far it is.</summary>
/// <param name="Reference">`majority`, `staple`, or the code of a reader.</param>
/// <param name="Model">Id of the model that was asked for; absent for the default model.</param>
/// <param name="OtherModel">The second model; absent where there is none.</param>
/// <param name="SavedQueries">As they were when the evaluation was created; absent where it has none.</param>
/// <param name="StudyCount">Studies of the cohort.</param>
/// <param name="Progress">0 to 1.</param>
/// <param name="Attempts">How often it was started.</param>
/// <param name="Error">Why it failed; only when failed or deadLettered.</param>
public sealed record EvaluationDocument(
    Guid EvaluationId,
    string? Name,
    JobStatus Status,
    string Reference,
    string? Model,
    string? OtherModel,
    IReadOnlyList<ResolvedQuery>? SavedQueries,
    int StudyCount,
    double Progress,
    int Attempts,
    Fault? Error,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    EvaluationLinks Links) : IProgressDocument, IAuditSubject
{
    string? IAuditSubject.AuditedSubject => EvaluationId.ToString();

    [JsonIgnore]
    public bool HasEnded => Status is not (JobStatus.Queued or JobStatus.Running);

    public static EvaluationDocument Of(Evaluation row) => new(
        row.Id,
        row.Name,
        row.Status,
        row.Reference,
        row.ModelId,
        row.OtherModelId,
        row.SavedQueries,
        row.Cases.Count,
        row.Progress,
        row.Attempts,
        row.ErrorCode is null ? null : new Fault(row.ErrorCode, row.ErrorDetail ?? "", row.ErrorRemedy ?? ""),
        row.CreatedAt,
        row.StartedAt,
        row.FinishedAt,
        EvaluationLinks.Of(row));
}

/// <summary>Where to go from here; the results only once they are there.</summary>
public sealed record EvaluationLinks(string Self, string? Results, string? Report, string? Cases, string? Statistics)
{
    public static string Path(Guid id) => $"/api/v1/evaluations/{id}";

    public static EvaluationLinks Of(Evaluation row)
    {
        var self = Path(row.Id);
        return row.Status == JobStatus.Succeeded
            ? new(self, $"{self}/results", $"{self}/report.html", $"{self}/cases.csv", $"{self}/statistics.csv")
            : new(self, null, null, null, null);
    }
}

/// <param name="NextCursor">For the next page; absent on the last one.</param>
public sealed record EvaluationPage(IReadOnlyList<EvaluationDocument> Items, string? NextCursor);
