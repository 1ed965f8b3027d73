using HemoApi.Studies;

namespace HemoApi.Storage;

/// <summary>One accepted upload. What is kept of its bytes is the blob <see cref="BlobKeys.Upload"/>. Once <see cref="DeletedAt"/> is set the
/// row is a tombstone: it answers 410 and holds no patient data.</summary>
public sealed class Study : ITenantOwned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid TenantId { get; init; }

    /// <summary>SHA-256, lower-case hex, of everything that decides the result: the upload's bytes, the model and the series asked
    /// for. Unique among a tenant's studies that are not deleted; null on a tombstone.</summary>
    public required string? Fingerprint { get; set; }

    public required StudyStatus Status { get; set; }

    public required long UploadBytes { get; init; }

    /// <summary>(0020,000D)</summary>
    public required string? StudyInstanceUid { get; set; }

    /// <summary>(0010,0020), or its pseudonym. Patient data: never log it.</summary>
    public required string? PatientId { get; set; }

    /// <summary>(0008,0020), (0008,0030), as written by the scanner: its time zone is unknown.</summary>
    public required DateTime? StudyDateTime { get; set; }

    /// <summary>One verdict for each file of the upload. Names may hold patient data.</summary>
    public required IReadOnlyList<FileVerdict> Files { get; set; }

    public required IReadOnlyList<SeriesSummary> Series { get; set; }

    /// <summary>The entries of the blob that the job reads, by their full names in the zip.</summary>
    public required IReadOnlyList<string> UsedEntries { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Where it was scanned, as the upload said; null where it did not.</summary>
    public string? Site { get; init; }

    public DateTimeOffset? DeletedAt { get; set; }

    public List<Job> Jobs { get; } = [];
}

public enum StudyStatus
{
    /// <summary>The row is there, the blob may not be: an upload that did not end. Invisible to callers.</summary>
    Pending,

    /// <summary>Row and blob are there.</summary>
    Stored,

    /// <summary>A tombstone whose blobs may still be there.</summary>
    Deleting,

    /// <summary>A tombstone, and nothing else.</summary>
    Deleted,
}
