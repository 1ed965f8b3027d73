using System.Security.Cryptography;
using System.Text;

namespace HemoApi.Webhooks;

/// <summary>Signatures as in Standard Webhooks 1.0 (github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md): HMAC-SHA256 over
/// id, time and body, so that neither can be exchanged.</summary>
public static class WebhookSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    /// <summary>What a secret starts with as it is shown; its bytes follow in base64.</summary>
    public const string SecretPrefix = "whsec_";

    private const int SecretBytes = 32;

    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(SecretBytes);

    public static string Show(byte[] secret) => SecretPrefix + Convert.ToBase64String(secret);

    /// <param name="timestamp">Seconds since 1970, UTC.</param>
    /// <param name="body">As it is sent.</param>
    public static string Of(byte[] secret, string id, long timestamp, byte[] body) =>
        $"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret, (byte[])[.. Encoding.ASCII.GetBytes(FormattableString.Invariant($"{id}.{timestamp}.")), .. body]))}";
}
