using System.Security.Claims;
using HemoApi.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Hosting;

public static class OidcAuthentication
{
    public const string SchemeName = JwtBearerDefaults.AuthenticationScheme;

    public static AuthenticationBuilder AddOidc(this AuthenticationBuilder authentication, OidcOptions oidc) =>
        authentication.AddJwtBearer(SchemeName, jwt =>
        {
            jwt.Authority = oidc.Authority;
            jwt.Audience = oidc.Audience;
            jwt.MapInboundClaims = false;
            jwt.Events = new JwtBearerEvents { OnTokenValidated = context => Translate(context, oidc) };
        });

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
        context.Principal.AddIdentity(new ClaimsIdentity(
            [
                new Claim(CallerClaims.TenantId, tenant.Id.ToString()),
                .. scopes.Where(Scopes.All.Contains).Select(scope => new Claim(CallerClaims.Scope, scope)),
            ]));
    }
}
