using System.Security.Claims;
using System.Text.Encodings.Web;
using HemoApi.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace HemoApi.Hosting;

/// <summary><c>X-Api-Key: hemo_…</c> or <c>Authorization: Bearer hemo_…</c>. The key is looked up for every request, so a
/// revoked key stops at once.</summary>
public sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    HemoDatabase database) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "ApiKey";
    public const string Header = "X-Api-Key";
    private const string Bearer = "Bearer ";

    /// <summary>The key that a request carries, or null.</summary>
    public static string? KeyOf(HttpRequest request)
    {
        if (request.Headers[Header] is [{ Length: > 0 } key])
        {
            return key;
        }

        return request.Headers.Authorization is [{ } authorization]
            && authorization.StartsWith(Bearer + ApiKeys.Prefix, StringComparison.OrdinalIgnoreCase)
                ? authorization[Bearer.Length..]
                : null;
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (KeyOf(Request) is not { } key)
        {
            return AuthenticateResult.NoResult();
        }

        await using var db = database.OpenAsSystem();
        if (await ApiKeys.Verify(db, key, Context.RequestAborted) is not { } row)
        {
            return AuthenticateResult.Fail("unknown, wrong or revoked key");
        }

        var identity = new ClaimsIdentity(
            [
                new Claim(ClaimTypes.NameIdentifier, row.KeyId),
                new Claim(CallerClaims.TenantId, row.TenantId.ToString()),
                .. row.Scopes.Select(scope => new Claim(CallerClaims.Scope, scope)),
            ],
            Scheme.Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }
}
