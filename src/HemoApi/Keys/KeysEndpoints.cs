using HemoApi.Audit;
using HemoApi.Hosting;
using HemoApi.Imaging;

namespace HemoApi.Keys;

public static class KeysEndpoints
{
    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/keys").WithTags("Keys");

        keys.MapPost("", CreateKey.Handle)
            .Describe("createKey", "Make an API key", "A key of the caller's own tenant, with no scope that the caller lacks. The key is shown in this answer and never again.")
            .Needs(Scopes.Admin)
            .Audited("key.create")
            .Refuses(FaultCodes.RequestInvalid, FaultCodes.MediaUnsupported);

        keys.MapGet("", ListKeys.Handle)
            .Describe("listKeys", "List API keys", "The tenant's keys, newest first, revoked and expired ones too; without their secrets.")
            .Needs(Scopes.Admin)
            .Audited("key.list");

        keys.MapPost("/{keyId}/rotate", RotateKey.Handle)
            .Describe("rotateKey", "Rotate an API key", "Makes a new key of the same name, scopes and expiry. The old one stays valid for `graceHours`, so that its users can change over.")
            .Needs(Scopes.Admin)
            .Audited("key.rotate", "graceHours")
            .Refuses(FaultCodes.RequestInvalid, FaultCodes.NotFound);

        keys.MapDelete("/{keyId}", RevokeKey.Handle)
            .Describe("revokeKey", "Revoke an API key", "The key is refused from now on.")
            .Needs(Scopes.Admin)
            .Audited("key.revoke")
            .Refuses(FaultCodes.NotFound);
    }
}
