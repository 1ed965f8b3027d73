using HemoApi.Imaging;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace HemoApi.Hosting;

/// <summary>What a caller without the right to an endpoint is told, whatever scheme it used.</summary>
public sealed class AuthorizationProblems : IAuthorizationMiddlewareResultHandler
{
    private const string HowToSend =
        "Send a valid API key in the X-Api-Key header; `HemoApi keys create --tenant default --scopes studies:read,studies:write` makes one.";

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
        {
            return next(context);
        }

        if (authorizeResult.Forbidden)
        {
            var scope = context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>()?.Policy;
            return new Fault(
                FaultCodes.AuthScope,
                $"These credentials lack the scope {scope}.",
                $"Use a key or token that has the scope {scope}.").ToProblem().ExecuteAsync(context);
        }

        var sent = context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Failure is not null;
        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"hemoapi\"";
        return new Fault(
            FaultCodes.AuthInvalid,
            sent ? "The API key or token is unknown, wrong, expired or revoked." : "The request carries no API key or token.",
            HowToSend).ToProblem().ExecuteAsync(context);
    }
}
