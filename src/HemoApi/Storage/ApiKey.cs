namespace HemoApi.Storage;

/// <summary>A caller's key, without the key: only the hash of its secret half is kept.</summary>
public sealed class ApiKey : ITenantOwned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid TenantId { get; init; }

    /// <summary>The public half of the key, by which it is found, listed and revoked.</summary>
    public required string KeyId { get; init; }

    /// <summary>SHA-256 of the secret half. A slow hash would add nothing: the secret is 256 random bits, out of reach of any search.</summary>
    public required byte[] SecretHash { get; init; }

    /// <summary>See <see cref="Hosting.Scopes"/>.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What it is for, as its maker said.</summary>
    public string? Name { get; init; }

    /// <summary>From then on it is worthless; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>To the hour.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}
