namespace HemoApi.Housekeeping;

/// <summary>Something without its other half.</summary>
/// <param name="Kind">See <see cref="OrphanKinds"/>.</param>
/// <param name="Id">Of the row, or the key of the blob.</param>
/// <param name="TenantId">Null for blobs: without a row no one knows whose they are.</param>
/// <param name="Fixed">It was put in order; else it is only said.</param>
public sealed record Orphan(string Kind, string Id, Guid? TenantId, Guid? StudyId, bool Fixed);

public static class OrphanKinds
{
    /// <summary>A file that no row knows. Put in order by deleting it.</summary>
    public const string Blob = "blob";

    /// <summary>A file outside of the folders that this service writes to. Never touched.</summary>
    public const string UnknownBlob = "unknown_blob";

    /// <summary>A stored study whose upload is gone. Its unfinished job fails with <c>storage.missing</c>; what was measured stays.</summary>
    public const string Upload = "upload";

    /// <summary>A result one of whose files is gone. Its job fails with <c>storage.missing</c>, so that a retry can make it anew.</summary>
    public const string Result = "result";

    /// <summary>A reference without its mask. Only said: its volumes are still there, and reading the mask answers <c>storage.missing</c>.</summary>
    public const string Reference = "reference";

    /// <summary>An evaluation without its results. It fails with <c>storage.missing</c>.</summary>
    public const string Evaluation = "evaluation";
}
