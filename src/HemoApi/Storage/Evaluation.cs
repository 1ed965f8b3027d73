using HemoApi.Analytics;

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

    /// <summary>Every study of the cohort, those of saved queries too: resolved once, when the evaluation was accepted.</summary>
    public required IReadOnlyList<CohortCase> Cases { get; init; }

    /// <summary>What the saved queries of the cohort were then; null where it has none.</summary>
    public IReadOnlyList<ResolvedQuery>? SavedQueries { get; init; }
}

/// <param name="Site">Where the scan was made, seen from the model's training.</param>
public sealed record CohortCase(Guid StudyId, CohortSite Site = CohortSite.Internal);

/// <summary>A saved query as it was when an evaluation of its studies was accepted.</summary>
/// <param name="Name">Of the query.</param>
/// <param name="Filter">Of the query.</param>
/// <param name="Site">Of its studies.</param>
/// <param name="MatchedStudies">Studies that it found.</param>
/// <param name="WithoutReference">How many of them do not have the reference, and are not in the cohort.</param>
public sealed record ResolvedQuery(Guid QueryId, string Name, AnalyticsFilter Filter, CohortSite Site, int MatchedStudies, int WithoutReference);

public enum CohortSite
{
    /// <summary>A hospital whose scans the model was trained on.</summary>
    Internal,

    /// <summary>Another hospital.</summary>
    External,
}
