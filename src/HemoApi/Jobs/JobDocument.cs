using System.Text.Json.Serialization;
using HemoApi.Audit;
using HemoApi.Imaging;
using HemoApi.Storage;
using HemoApi.Studies;

namespace HemoApi.Jobs;

/// <summary>One segmentation and how far it is.</summary>
/// <param name="Stage">What a running job is doing: read, decode, preprocess, network, postprocess, quantify, export, store.</param>
/// <param name="Progress">0 to 1.</param>
/// <param name="QueuePosition">1 is next; only while queued.</param>
/// <param name="Attempts">How often it was started.</param>
/// <param name="Error">Why it failed; only when failed or deadLettered.</param>
/// <param name="StageSeconds">Seconds spent in each stage; filled when it succeeds.</param>
public sealed record JobDocument(
    Guid JobId,
    Guid StudyId,
    JobStatus Status,
    string? Stage,
    double Progress,
    int? QueuePosition,
    int Attempts,
    Fault? Error,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    IReadOnlyDictionary<string, double> StageSeconds,
    JobLinks Links) : IProgressDocument, IAuditSubject
{
    Guid? IAuditSubject.AuditedStudy => StudyId;

    string? IAuditSubject.AuditedSubject => JobId.ToString();

    [JsonIgnore]
    public bool HasEnded => Status is not (JobStatus.Queued or JobStatus.Running);

    public static JobDocument Of(Job job, int? queuePosition) => new(
        job.Id,
        job.StudyId,
        job.Status,
        job.Stage,
        job.Progress,
        queuePosition,
        job.Attempts,
        job.ErrorCode is null ? null : new Fault(job.ErrorCode, job.ErrorDetail ?? "", job.ErrorRemedy ?? ""),
        job.CreatedAt,
        job.StartedAt,
        job.FinishedAt,
        job.StageSeconds,
        JobLinks.Of(job));
}

/// <summary>Where to go from here; only what is possible in the job's present state.</summary>
public sealed record JobLinks(string Self, string Events, string Study, string? Results, string? Cancel, string? Retry)
{
    public static string JobPath(Guid jobId) => $"/api/v1/jobs/{jobId}";

    public static JobLinks Of(Job job)
    {
        var self = JobPath(job.Id);
        var study = StudyLinks.StudyPath(job.StudyId);
        return new JobLinks(
            self,
            $"{self}/events",
            study,
            job.Status == JobStatus.Succeeded ? $"{study}/results" : null,
            job.Status is JobStatus.Queued or JobStatus.Running ? $"{self}/cancel" : null,
            job.Status is JobStatus.Failed or JobStatus.Cancelled or JobStatus.DeadLettered ? $"{self}/retry" : null);
    }
}
