namespace HemoApi.Storage;

/// <summary>A caller's key, without the key: only the hash of its secret half is kept.</summary>
public sealed class ApiKey
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

    public DateTimeOffset? RevokedAt { get; set; }
}
