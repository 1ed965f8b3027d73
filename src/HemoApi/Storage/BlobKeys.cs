namespace HemoApi.Storage;

/// <summary>Where each blob lies. Keys derive from ids alone, so a job that runs twice writes the same blobs.</summary>
public static class BlobKeys
{
    public static string StudyPrefix(Guid studyId) => $"studies/{studyId}/";

    public static string Upload(Guid studyId) => $"studies/{studyId}/upload.zip";

    /// <summary>Under the study's own prefix, so that they go with it.</summary>
    public static string ReferencePrefix(Guid studyId, Guid referenceId) => $"studies/{studyId}/references/{referenceId}/";

    public static string ReferenceMask(Guid studyId, Guid referenceId) => $"studies/{studyId}/references/{referenceId}/mask.nii.gz";

    public static string EvaluationPrefix(Guid evaluationId) => $"evaluations/{evaluationId}/";

    /// <param name="name">Of one of the files that an evaluation writes.</param>
    public static string EvaluationFile(Guid evaluationId, string name) => $"evaluations/{evaluationId}/{name}";

    public static string ResultsPrefix(Guid jobId) => $"results/{jobId}/";

    public static string Document(Guid jobId) => $"results/{jobId}/results.json";

    public static string Mask(Guid jobId) => $"results/{jobId}/mask.nii.gz";

    public static string Image(Guid jobId) => $"results/{jobId}/image.nii.gz";

    /// <summary>Only there where <see cref="Mask"/> is not orthogonal itself; so with the image.</summary>
    public static string OrthogonalMask(Guid jobId) => $"results/{jobId}/mask-orthogonal.nii.gz";

    public static string OrthogonalImage(Guid jobId) => $"results/{jobId}/image-orthogonal.nii.gz";
}
