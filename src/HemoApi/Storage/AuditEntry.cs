namespace HemoApi.Storage;

/// <summary>One line of a tenant's audit trail: who did what to which study, when, from where. Appended by
/// <see cref="Audit.AuditTrail"/>, never changed: triggers of the database refuse it, and the chain of hashes shows it.
/// Ids are ours; nothing of a patient.</summary>
public sealed class AuditEntry : ITenantOwned
{
    /// <summary>Whose chain it is in; <see cref="Guid.Empty"/> for what belongs to no tenant, such as a login with an unknown key.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>From 1, without gaps, in each chain.</summary>
    public required long Sequence { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary><c>key:</c> with the id of an API key, <c>oidc:</c> with the token's subject, <c>anonymous</c>, or a part of the service:
    /// <c>command</c>, <c>retention</c>, <c>reconciler</c>, <c>service</c>.</summary>
    public required string Caller { get; init; }

    /// <summary>E.g. <c>results.read</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The HTTP status that was answered. Null where nothing was asked by HTTP, and on the entry that is made before a change begins.</summary>
    public required int? Status { get; init; }

    public required Guid? StudyId { get; init; }

    /// <summary>Id of the job, reference, evaluation or key; null where the study is all.</summary>
    public required string? Subject { get; init; }

    /// <summary>The filter of a list or export, or what was removed.</summary>
    public required string? Detail { get; init; }

    /// <summary>IP address of the caller; null for the service itself.</summary>
    public required string? Address { get; init; }

    /// <summary>SHA-256 of the entry before; 32 zeros for the first one.</summary>
    public required byte[] PreviousHash { get; init; }

    /// <summary>SHA-256, see <see cref="Audit.AuditHash"/>.</summary>
    public required byte[] Hash { get; init; }
}

/// <summary>The end of a tenant's chain: the row that writers lock one after the other.</summary>
public sealed class AuditHead
{
    public required Guid TenantId { get; init; }

    /// <summary>Of the last entry; 0 where there is none.</summary>
    public required long Sequence { get; set; }

    /// <summary>Of the last entry.</summary>
    public required byte[] Hash { get; set; }
}
