using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HemoApi.Tests.Hosting;

/// <summary>An OpenID provider on a port of its own: discovery document, keys, and tokens signed with them. Tokens are written by hand (RFC 7515), so
/// that nothing of what reads them has made them.</summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    public const string Audience = "hemoapi-test";
    private readonly WebApplication _app;
    private readonly List<(string Kid, AsymmetricAlgorithm Key)> _keys = [];

    private TestIssuer(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    public string[] Settings => [$"--Oidc:Authority={Url}", $"--Oidc:Audience={Audience}"];

    public RSA Rsa { get; } = RSA.Create(2048);

    public ECDsa Ec { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static async Task<TestIssuer> Start()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var issuer = new TestIssuer(app);
        issuer.Publish("rsa-1", issuer.Rsa);
        issuer.Publish("ec-1", issuer.Ec);
        app.MapGet("/.well-known/openid-configuration", () => TypedResults.Json(new Dictionary<string, object>
        {
            ["issuer"] = issuer.Url,
            ["jwks_uri"] = $"{issuer.Url}/keys",
            ["response_types_supported"] = new[] { "code" },
            ["subject_types_supported"] = new[] { "public" },
            ["id_token_signing_alg_values_supported"] = new[] { "RS256", "ES256" },
        }));
        app.MapGet("/keys", () => TypedResults.Json(new Dictionary<string, object> { ["keys"] = issuer.PublicKeys() }));
        await app.StartAsync();
        return issuer;
    }

    public void Publish(string kid, AsymmetricAlgorithm key)
    {
        lock (_keys)
        {
            _keys.Add((kid, key));
        }
    }

    public void Withdraw(string kid)
    {
        lock (_keys)
        {
            _keys.RemoveAll(k => k.Kid == kid);
        }
    }

    /// <summary>A token as the service wants it, but for what the changes say; a claim that is set to null is left out.</summary>
    public string Token(string tenant, string scope, params (string Claim, object? Value)[] changes) => Sign("RS256", "rsa-1", Rsa, Claims(tenant, scope, changes));

    public Dictionary<string, object?> Claims(string tenant, string scope, params (string Claim, object? Value)[] changes)
    {
        var now = DateTimeOffset.UtcNow;
        var claims = new Dictionary<string, object?>
        {
            ["iss"] = Url, ["aud"] = Audience, ["sub"] = "radiologist-7", ["tenant"] = tenant, ["scope"] = scope,
            ["iat"] = now.ToUnixTimeSeconds(), ["nbf"] = now.AddSeconds(-5).ToUnixTimeSeconds(), ["exp"] = now.AddMinutes(10).ToUnixTimeSeconds(),
        };
        foreach (var (claim, value) in changes)
        {
            claims[claim] = value;
        }

        return claims.Where(c => c.Value is not null).ToDictionary();
    }

    public static string Sign(string algorithm, string? kid, object? key, Dictionary<string, object?> claims)
    {
        var header = new Dictionary<string, object?> { ["alg"] = algorithm, ["typ"] = "JWT" };
        if (kid is not null)
        {
            header["kid"] = kid;
        }

        var signed = $"{Text(JsonSerializer.SerializeToUtf8Bytes(header))}.{Text(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        var bytes = Encoding.ASCII.GetBytes(signed);
        var signature = key switch
        {
            RSA rsa => rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            ECDsa ec => ec.SignData(bytes, HashAlgorithmName.SHA256),
            byte[] secret => HMACSHA256.HashData(secret, bytes),
            _ => [],
        };
        return $"{signed}.{Text(signature)}";
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Rsa.Dispose();
        Ec.Dispose();
    }

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);

    private object[] PublicKeys()
    {
        lock (_keys)
        {
            return [.. _keys.Select(k => k.Key switch
            {
                RSA rsa when rsa.ExportParameters(false) is var p => (object)new { kty = "RSA", use = "sig", kid = k.Kid, n = Text(p.Modulus!), e = Text(p.Exponent!) },
                ECDsa ec when ec.ExportParameters(false) is var p => new { kty = "EC", use = "sig", kid = k.Kid, crv = "P-256", x = Text(p.Q.X!), y = Text(p.Q.Y!) },
                _ => throw new InvalidOperationException(),
            })];
        }
    }
}
