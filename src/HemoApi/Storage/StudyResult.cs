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

    /// <summary>When the study was received, as <see cref="Study.CreatedAt"/>; here too, so that one index answers questions about many results.</summary>
    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Year × 100 + month of <see cref="ReceivedAt"/>, UTC.</summary>
    public int ReceivedMonth { get; init; }

    /// <summary>As <see cref="Study.Site"/>.</summary>
    public string? Site { get; init; }

    /// <summary>The model that ran. Empty until the result is complete.</summary>
    public string ModelId { get; set; } = "";

    public string ModelVersion { get; set; } = "";

    /// <summary>SHA-256 of the network, lower-case hex.</summary>
    public string ModelSha256 { get; set; } = "";

    public static int MonthOf(DateTimeOffset time) => (time.UtcDateTime.Year * 100) + time.UtcDateTime.Month;
}

public enum ResultStatus
{
    Pending,
    Complete,
}
