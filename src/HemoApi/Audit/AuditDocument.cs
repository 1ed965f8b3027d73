using HemoApi.Storage;

namespace HemoApi.Audit;

/// <summary>One entry of the audit trail.</summary>
/// <param name="Sequence">From 1, without gaps, in the tenant's chain.</param>
/// <param name="Caller">`key:` with the id of an API key, `oidc:` with the token's subject, `anonymous`, or `command`, `retention`, `reconciler`, `service`.</param>
/// <param name="Action">What was done, e.g. `results.read`.</param>
/// <param name="Status">The HTTP status that was answered. Absent on the entry that is made before a change begins, and where nothing was asked by HTTP.</param>
/// <param name="StudyId">Absent where it is about no single study.</param>
/// <param name="Subject">Id of the job, reference, evaluation or key.</param>
/// <param name="Detail">The filter of a list or export, or what was removed.</param>
/// <param name="Address">IP address of the caller.</param>
/// <param name="PreviousHash">SHA-256 of the entry before, lower-case hex.</param>
/// <param name="Hash">SHA-256 over `previousHash` and the fields, lower-case hex.</param>
public sealed record AuditDocument(
    long Sequence,
    DateTimeOffset At,
    string Caller,
    string Action,
    int? Status,
    Guid? StudyId,
    string? Subject,
    string? Detail,
    string? Address,
    string PreviousHash,
    string Hash)
{
    public static AuditDocument Of(AuditEntry entry) => new(
        entry.Sequence,
        entry.At,
        entry.Caller,
        entry.Action,
        entry.Status,
        entry.StudyId,
        entry.Subject,
        entry.Detail,
        entry.Address,
        Convert.ToHexStringLower(entry.PreviousHash),
        Convert.ToHexStringLower(entry.Hash));
}

/// <param name="Items">The newest first.</param>
/// <param name="NextCursor">For the next page; absent on the last one.</param>
public sealed record AuditPage(IReadOnlyList<AuditDocument> Items, string? NextCursor);
