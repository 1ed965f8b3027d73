using System.Security.Claims;
using System.Text.Encodings.Web;
using HemoApi.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HemoApi.Hosting;

/// <summary><c>X-Api-Key: hemo_…</c> or <c>Authorization: Bearer hemo_…</c>. The key is looked up for every request, so a
/// revoked key stops at once.</summary>
public sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    HemoDatabase database,
    TimeProvider time) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "ApiKey";
    public const string Header = "X-Api-Key";
    private const string Bearer = "Bearer ";

    /// <summary>When a key was last used is known to the hour, so that a busy key does not write its row at every request.</summary>
    private static readonly TimeSpan LastUsedAccuracy = TimeSpan.FromHours(1);

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
        if (await ApiKeys.Verify(db, key, time.GetUtcNow(), Context.RequestAborted) is not { } row)
        {
            return AuthenticateResult.Fail("unknown, wrong, expired or revoked key");
        }

        var now = time.GetUtcNow();
        if (row.LastUsedAt is null || now - row.LastUsedAt > LastUsedAccuracy)
        {
            await db.ApiKeys.Where(k => k.Id == row.Id).ExecuteUpdateAsync(set => set.SetProperty(k => k.LastUsedAt, now), Context.RequestAborted);
        }

        var identity = new ClaimsIdentity(
            [
                new Claim(CallerClaims.Id, $"key:{row.KeyId}"),
                new Claim(CallerClaims.TenantId, row.TenantId.ToString()),
                .. row.Scopes.Select(scope => new Claim(CallerClaims.Scope, scope)),
            ],
            Scheme.Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }
}
