namespace HemoApi.Storage;

/// <summary>Where each blob lies. Keys derive from ids alone, so a job that runs twice writes the same blobs.</summary>
public static class BlobKeys
{
    public static string StudyPrefix(Guid studyId) => $"studies/{studyId}/";

    public static string Upload(Guid studyId) => $"studies/{studyId}/upload.zip";

    public static string ResultsPrefix(Guid jobId) => $"results/{jobId}/";

    public static string Document(Guid jobId) => $"results/{jobId}/results.json";

    public static string Mask(Guid jobId) => $"results/{jobId}/mask.nii.gz";

    public static string Image(Guid jobId) => $"results/{jobId}/image.nii.gz";

    /// <summary>Only there where <see cref="Mask"/> is not orthogonal itself; so with the image.</summary>
    public static string OrthogonalMask(Guid jobId) => $"results/{jobId}/mask-orthogonal.nii.gz";

    public static string OrthogonalImage(Guid jobId) => $"results/{jobId}/image-orthogonal.nii.gz";
}
