using HemoApi.Audit;
using HemoApi.Imaging;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace HemoApi.Hosting;

/// <summary>What a caller without the right to an endpoint is told, whatever scheme it used.</summary>
public sealed class AuthorizationProblems(AuditTrail trail, FailedLogins failures) : IAuthorizationMiddlewareResultHandler
{
    private const string HowToSend =
        "Send a valid API key in the X-Api-Key header; `HemoApi keys create --tenant default --scopes studies:read,studies:write` makes one.";

    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
        {
            await next(context);
            return;
        }

        if (authorizeResult.Forbidden)
        {
            var scope = context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>()?.Policy;
            if (AuditedCall.Of(context) is { } refused)
            {
                await trail.Append(refused with { Status = StatusCodes.Status403Forbidden }, context.RequestAborted);
            }

            await new Fault(
                FaultCodes.AuthScope,
                $"These credentials lack the scope {scope}.",
                $"Use a key or token that has the scope {scope}.").ToProblem().ExecuteAsync(context);
            return;
        }

        // Asked again, because the framework keeps only results that succeeded; the scheme itself has kept its own.
        var sent = (await context.AuthenticateAsync()).Failure is not null;
        if (sent && await failures.Failed(context) is { } limited)
        {
            await limited.ExecuteAsync(context);
            return;
        }

        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"hemoapi\"";
        await new Fault(
            FaultCodes.AuthInvalid,
            sent ? "The API key or token is unknown, wrong, expired or revoked." : "The request carries no API key or token.",
            HowToSend).ToProblem().ExecuteAsync(context);
    }
}
