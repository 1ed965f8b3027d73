using System.Security.Claims;
using HemoApi.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;

namespace HemoApi.Hosting;

public static class OidcAuthentication
{
    public const string SchemeName = JwtBearerDefaults.AuthenticationScheme;

    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);
    private static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    public static AuthenticationBuilder AddOidc(this AuthenticationBuilder authentication, OidcOptions oidc)
    {
        authentication.AddJwtBearer(SchemeName, jwt =>
        {
            jwt.Authority = oidc.Authority;
            jwt.Audience = oidc.Audience;
            jwt.MapInboundClaims = false;

            // Metadata and keys come unencrypted from this machine at most.
            jwt.RequireHttpsMetadata = !(Uri.TryCreate(oidc.Authority, UriKind.Absolute, out var authority) && authority.IsLoopback);

            // Named, so that no token chooses a symmetric algorithm and passes the public key off as its secret.
            jwt.TokenValidationParameters.ValidAlgorithms = Algorithms;
            jwt.TokenValidationParameters.ClockSkew = ClockSkew;
            jwt.Events = new JwtBearerEvents { OnTokenValidated = context => Translate(context, oidc) };
        });

        // Else keys that the issuer has withdrawn would count for another hour.
        authentication.Services.PostConfigure<JwtBearerOptions>(SchemeName, jwt =>
        {
            if (jwt.ConfigurationManager is BaseConfigurationManager manager)
            {
                manager.UseLastKnownGoodConfiguration = false;
            }
        });
        return authentication;
    }

    /// <summary>The issuer's claims to ours: the tenant's name to its id, the scopes one by one.</summary>
    private static async Task Translate(TokenValidatedContext context, OidcOptions oidc)
    {
        var name = context.Principal?.FindFirstValue(oidc.TenantClaim);
        await using var db = context.HttpContext.RequestServices.GetRequiredService<HemoDatabase>().OpenAsSystem();
        var tenant = await db.Tenants.AsNoTracking().SingleOrDefaultAsync(t => t.Name == name, context.HttpContext.RequestAborted);
        if (tenant is null || context.Principal is null)
        {
            context.Fail("the token names no tenant of this service");
            return;
        }

        var scopes = context.Principal.FindAll(oidc.ScopeClaim).SelectMany(c => c.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        // Alone: a claim of the token that is called like one of ours must not count.
        context.Principal = new ClaimsPrincipal(new ClaimsIdentity(
            [
                new Claim(CallerClaims.Id, $"oidc:{context.Principal.FindFirstValue("sub") ?? context.Principal.FindFirstValue("client_id") ?? "unnamed"}"),
                new Claim(CallerClaims.TenantId, tenant.Id.ToString()),
                .. scopes.Where(Scopes.All.Contains).Select(scope => new Claim(CallerClaims.Scope, scope)),
            ],
            context.Scheme.Name));
    }
}
