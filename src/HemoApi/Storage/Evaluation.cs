namespace HemoApi.Storage;

/// <summary>The truth about one evaluation; Hangfire only runs it. Its results are blobs under <see cref="BlobKeys.EvaluationPrefix"/>,
/// written before the status says succeeded.</summary>
public sealed class Evaluation : ITenantOwned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid TenantId { get; init; }

    public required string? Name { get; init; }

    /// <summary><c>majority</c>, <c>staple</c>, or the code of a reader.</summary>
    public required string Reference { get; init; }

    /// <summary>Null is the service's default model at the time of the run.</summary>
    public required string? ModelId { get; init; }

    /// <summary>A second model, to compare with the first on the same cases; null where there is none.</summary>
    public required string? OtherModelId { get; init; }

    public required IReadOnlyList<CohortCase> Cases { get; init; }

    public JobStatus Status { get; set; } = JobStatus.Queued;

    /// <summary>0 to 1.</summary>
    public double Progress { get; set; }

    /// <summary>Starts in all.</summary>
    public int Attempts { get; set; }

    /// <summary>Starts since the last orderly end, as with a <see cref="Job"/>.</summary>
    public int StartsWithoutEnd { get; set; }

    public string? ErrorCode { get; set; }

    public string? ErrorDetail { get; set; }

    public string? ErrorRemedy { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The last sign of life of the process that runs it, as with a <see cref="Job"/>.</summary>
    public DateTimeOffset? SeenAt { get; set; }

    /// <summary>What Hangfire calls it: where it was last handed over.</summary>
    public string? QueueTicket { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }
}

/// <param name="Site">Where the scan was made, seen from the model's training.</param>
public sealed record CohortCase(Guid StudyId, CohortSite Site = CohortSite.Internal);

public enum CohortSite
{
    /// <summary>A hospital whose scans the model was trained on.</summary>
    Internal,

    /// <summary>Another hospital.</summary>
    External,
}
