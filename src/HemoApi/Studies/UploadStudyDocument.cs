using HemoApi.Audit;
using HemoApi.Imaging;
using HemoApi.Jobs;
using HemoApi.Storage;

namespace HemoApi.Studies;

/// <summary>The answer to an upload.</summary>
/// <param name="StudyId">Absent after a dry run, as are the job and its status.</param>
/// <param name="Deduplicated">The same bytes with the same options were there before: this is their study and job.</param>
/// <param name="Files">One verdict for each entry of the archive.</param>
/// <param name="Series">Every series of the archive, best first.</param>
/// <param name="Warnings">What the result's reader will have to know, as far as headers tell it.</param>
/// <param name="Links">Absent after a dry run.</param>
public sealed record UploadStudyDocument(
    Guid? StudyId,
    Guid? JobId,
    JobStatus? Status,
    bool Deduplicated,
    IReadOnlyList<FileVerdict> Files,
    IReadOnlyList<SeriesSummary> Series,
    IReadOnlyList<ResultWarning> Warnings,
    IReadOnlyDictionary<string, string>? Links) : IAuditSubject
{
    Guid? IAuditSubject.AuditedStudy => StudyId;

    string? IAuditSubject.AuditedSubject => JobId?.ToString();

    public static UploadStudyDocument OfDryRun(Intake intake) =>
        new(null, null, null, false, intake.Files, intake.Series, intake.Plan.Warnings, null);

    public static UploadStudyDocument Of(Job job, bool deduplicated, Intake intake) => new(
        job.StudyId,
        job.Id,
        job.Status,
        deduplicated,
        intake.Files,
        intake.Series,
        intake.Plan.Warnings,
        LinksOf(job.StudyId, job.Id));

    public static IReadOnlyDictionary<string, string> LinksOf(Guid studyId, Guid jobId) => new Dictionary<string, string>
    {
        ["study"] = StudyLinks.StudyPath(studyId),
        ["job"] = JobLinks.JobPath(jobId),
        ["events"] = $"{JobLinks.JobPath(jobId)}/events",
        ["results"] = $"{StudyLinks.StudyPath(studyId)}/results",
    };
}
