using HemoApi.Jobs;
using HemoApi.Storage;

namespace HemoApi.Studies;

/// <summary>One study as received.</summary>
/// <param name="StudyInstanceUid">(0020,000D)</param>
/// <param name="PatientId">(0010,0020)</param>
/// <param name="StudyDateTime">As the scanner wrote it; its time zone is unknown.</param>
/// <param name="UploadBytes">Size of the zip.</param>
/// <param name="CreatedAt">When it was received.</param>
/// <param name="Job">Its latest job.</param>
/// <param name="Files">A verdict for each file of the upload; not in lists.</param>
/// <param name="Series">The series of the upload; not in lists.</param>
/// <param name="Site">Where it was scanned, as the upload said.</param>
public sealed record StudyDocument(
    Guid StudyId,
    string? StudyInstanceUid,
    string? PatientId,
    DateTime? StudyDateTime,
    long UploadBytes,
    DateTimeOffset CreatedAt,
    StudyJob Job,
    IReadOnlyList<FileVerdict>? Files,
    IReadOnlyList<SeriesSummary>? Series,
    StudyLinks Links,
    string? Site = null)
{
    public static StudyDocument Of(Study study, bool whole)
    {
        var job = study.LatestJob();
        return new StudyDocument(
            study.Id,
            study.StudyInstanceUid,
            study.PatientId,
            study.StudyDateTime,
            study.UploadBytes,
            study.CreatedAt,
            new StudyJob(job.Id, job.Status),
            whole ? study.Files : null,
            whole ? study.Series : null,
            StudyLinks.Of(study.Id, job),
            study.Site);
    }
}

public sealed record StudyJob(Guid JobId, JobStatus Status);

/// <summary>Where to go from here; the results only once they are there.</summary>
public sealed record StudyLinks(string Self, string Job, string? Results, string? Mask, string? Image)
{
    public static string StudyPath(Guid studyId) => $"/api/v1/studies/{studyId}";

    public static StudyLinks Of(Guid studyId, Job job)
    {
        var self = StudyPath(studyId);
        var results = job.Status == JobStatus.Succeeded ? $"{self}/results" : null;
        return new StudyLinks(
            self,
            JobLinks.JobPath(job.Id),
            results,
            results is null ? null : $"{results}/mask.nii.gz",
            results is null ? null : $"{results}/image.nii.gz");
    }
}
