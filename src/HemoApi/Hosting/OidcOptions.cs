namespace HemoApi.Hosting;

/// <summary>Section <c>Oidc</c>: bearer tokens of an identity provider beside API keys. Off while <see cref="Authority"/> is empty.</summary>
public sealed class OidcOptions
{
    public const string Section = "Oidc";

    /// <summary>The issuer's address; its metadata is read from <c>/.well-known/openid-configuration</c>. Default: none.</summary>
    public string? Authority { get; set; }

    /// <summary>The <c>aud</c> that tokens must carry. Needed when <see cref="Authority"/> is set.</summary>
    public string? Audience { get; set; }

    /// <summary>The claim that lists scopes, separated by spaces or repeated. Default: <c>scope</c>.</summary>
    public string ScopeClaim { get; set; } = "scope";

    /// <summary>The claim that holds the tenant's name. Default: <c>tenant</c>.</summary>
    public string TenantClaim { get; set; } = "tenant";

    public bool Enabled => !string.IsNullOrEmpty(Authority);
}
