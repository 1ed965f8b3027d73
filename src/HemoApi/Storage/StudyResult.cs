namespace HemoApi.Storage;

/// <summary>What can be searched of a finished job's results; the document and the images are blobs under
/// <see cref="BlobKeys.ResultsPrefix"/>. Written pending before the blobs and complete after them.</summary>
public sealed class StudyResult : ITenantOwned
{
    /// <summary>The job that made it.</summary>
    public required Guid JobId { get; init; }

    public required Guid TenantId { get; init; }

    public required Guid StudyId { get; init; }

    public required ResultStatus Status { get; set; }

    public double IchMl { get; set; }

    public double EdhMl { get; set; }

    public double SdhMl { get; set; }

    public double TotalMl { get; set; }

    /// <summary>SHA-256 of mask.nii.gz, lower-case hex.</summary>
    public string MaskSha256 { get; set; } = "";

    /// <summary>SHA-256 of image.nii.gz, lower-case hex.</summary>
    public string ImageSha256 { get; set; } = "";

    public DateTimeOffset? CompletedAt { get; set; }
}

public enum ResultStatus
{
    Pending,
    Complete,
}
