using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Hosting;

/// <summary>Keys look like <c>hemo_{id}_{secret}</c>: 64 random bits to find the row by, 256 to prove it.</summary>
public static class ApiKeys
{
    public const string Prefix = "hemo_";
    private const int LongestId = 32;

    /// <summary>A new key and the row to keep of it. The key itself exists only in this answer.</summary>
    public static (string Key, ApiKey Row) Create(
        Guid tenantId, IReadOnlyList<string> scopes, DateTimeOffset now, string? name = null, DateTimeOffset? expiresAt = null)
    {
        var keyId = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var row = new ApiKey
        {
            TenantId = tenantId, KeyId = keyId, SecretHash = Hash(secret), Scopes = scopes, CreatedAt = now, Name = name, ExpiresAt = expiresAt,
        };
        return ($"{Prefix}{keyId}_{secret}", row);
    }

    /// <summary>A new key of the same name, scopes and expiry; the old one is valid for a while longer, so that its users can change over.</summary>
    public static (string Key, ApiKey Row) Rotate(ApiKey old, TimeSpan grace, DateTimeOffset now)
    {
        var successor = Create(old.TenantId, old.Scopes, now, old.Name, old.ExpiresAt);
        var end = now + grace;
        old.ExpiresAt = old.ExpiresAt < end ? old.ExpiresAt : end;
        return successor;
    }

    /// <summary>The public half of what looks like a key, for limits on wrong ones; null where it does not look like one.</summary>
    public static string? IdOf(string key) => TrySplit(key, out var keyId, out _) && keyId.Length <= LongestId ? keyId : null;

    /// <summary>The row of a key that is right, not expired and not revoked; else null. The secret is compared in constant time.</summary>
    public static async Task<ApiKey?> Verify(HemoDbContext db, string key, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!TrySplit(key, out var keyId, out var secret))
        {
            return null;
        }

        var row = await db.ApiKeys.AsNoTracking().SingleOrDefaultAsync(k => k.KeyId == keyId, cancellationToken);
        return row is { RevokedAt: null } && !(row.ExpiresAt <= now) && CryptographicOperations.FixedTimeEquals(row.SecretHash, Hash(secret)) ? row : null;
    }

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    private static bool TrySplit(string key, [NotNullWhen(true)] out string? keyId, [NotNullWhen(true)] out string? secret)
    {
        var parts = key.Split('_', 3);
        (keyId, secret) = parts.Length == 3 && key.StartsWith(Prefix, StringComparison.Ordinal) ? (parts[1], parts[2]) : (null, null);
        return keyId is not null && secret is not null;
    }
}
