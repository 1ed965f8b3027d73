using HemoApi.Storage;

namespace HemoApi.Keys;

/// <summary>An API key as it can be seen: never the secret.</summary>
/// <param name="KeyId">The part of the key between `hemo_` and the next underscore.</param>
/// <param name="Name">What it is for; absent where its maker did not say.</param>
/// <param name="ExpiresAt">From then on it is refused; absent: never.</param>
/// <param name="LastUsedAt">To the hour; absent where it was never used.</param>
/// <param name="Active">Neither revoked nor expired.</param>
public sealed record KeyDocument(
    string KeyId,
    string? Name,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt,
    DateTimeOffset? RevokedAt,
    bool Active)
{
    public static KeyDocument Of(ApiKey row, DateTimeOffset now) => new(
        row.KeyId, row.Name, row.Scopes, row.CreatedAt, row.ExpiresAt, row.LastUsedAt, row.RevokedAt, row.RevokedAt is null && !(row.ExpiresAt <= now));
}

/// <param name="Items">The newest first.</param>
public sealed record KeyList(IReadOnlyList<KeyDocument> Items);

/// <summary>A new key.</summary>
/// <param name="Key">The key itself. It is shown this once; only a hash of its secret half is kept.</param>
public sealed record CreatedKeyDocument(string Key, KeyDocument Details) : Audit.IAuditSubject
{
    string? Audit.IAuditSubject.AuditedSubject => Details.KeyId;
}
