using HemoApi.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace HemoApi.Hosting;

public static class Callers
{
    private const string ByCredentials = "ByCredentials";

    /// <summary>Who may call: API keys, OIDC tokens when configured; a policy for each scope; no anonymous access unless an
    /// endpoint says so.</summary>
    public static void AddCallers(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<OidcOptions>()
            .BindConfiguration(OidcOptions.Section)
            .Validate(o => !o.Enabled || !string.IsNullOrEmpty(o.Audience), "Oidc:Audience must be set when Oidc:Authority is.")
            .ValidateOnStart();
        var oidc = builder.Configuration.GetSection(OidcOptions.Section).Get<OidcOptions>() ?? new OidcOptions();

        var authentication = builder.Services.AddAuthentication(ByCredentials)
            .AddPolicyScheme(ByCredentials, null, policy => policy.ForwardDefaultSelector = context =>
                oidc.Enabled && ApiKeyAuthentication.KeyOf(context.Request) is null
                    ? OidcAuthentication.SchemeName
                    : ApiKeyAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null);
        if (oidc.Enabled)
        {
            authentication.AddOidc(oidc);
        }

        var authorization = builder.Services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        foreach (var scope in Scopes.All)
        {
            authorization.AddPolicy(scope, p => p.RequireAuthenticatedUser().RequireClaim(CallerClaims.Scope, scope, Scopes.Admin));
        }

        builder.AddFailedLogins();
        builder.Services.AddSingleton<IAuthorizationMiddlewareResultHandler, AuthorizationProblems>();
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddScoped(services => Caller.Of(services.GetRequiredService<IHttpContextAccessor>().HttpContext?.User));
        builder.Services.AddScoped(services => services.GetRequiredService<HemoDatabase>().Open(services.GetRequiredService<Caller>()));
    }
}
