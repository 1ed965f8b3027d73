namespace HemoApi.Storage;

/// <summary>One reader's mask of a study; the mask is the blob <see cref="BlobKeys.ReferenceMask"/>, on the grid of the series that was
/// measured. Written pending before the blob and complete after it.</summary>
public sealed class ReferenceMask : ITenantOwned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid TenantId { get; init; }

    public required Guid StudyId { get; init; }

    public Study? Study { get; init; }

    /// <summary>Who drew it, a code that the caller chooses; unique in a study.</summary>
    public required string Reader { get; init; }

    /// <summary>What was sent: <c>nifti</c> or <c>dicomSeg</c>.</summary>
    public required string Format { get; init; }

    public required ResultStatus Status { get; set; }

    public required double IchMl { get; init; }

    public required double EdhMl { get; init; }

    public required double SdhMl { get; init; }

    /// <summary>SHA-256 of the stored mask, lower-case hex.</summary>
    public string Sha256 { get; set; } = "";

    /// <summary>Of the stored mask, counted in <see cref="Tenant.StoredBytes"/>; 0 while pending, and of masks that are older than the count.</summary>
    public long Bytes { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}
