namespace HemoApi.Storage;

/// <summary>One evaluation. Its results are blobs under <see cref="BlobKeys.EvaluationPrefix"/>, written before the status says
/// succeeded.</summary>
public sealed class Evaluation : QueuedWork
{
    public required string? Name { get; init; }

    /// <summary><c>majority</c>, <c>staple</c>, or the code of a reader.</summary>
    public required string Reference { get; init; }

    /// <summary>Null is the service's default model at the time of the run.</summary>
    public required string? ModelId { get; init; }

    /// <summary>A second model, to compare with the first on the same cases; null where there is none.</summary>
    public required string? OtherModelId { get; init; }

    public required IReadOnlyList<CohortCase> Cases { get; init; }
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
