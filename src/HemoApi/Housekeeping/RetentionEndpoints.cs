using HemoApi.Audit;
using HemoApi.Hosting;
using HemoApi.Imaging;

namespace HemoApi.Housekeeping;

public static class RetentionEndpoints
{
    public static void MapRetention(this IEndpointRouteBuilder routes)
    {
        var retention = routes.MapGroup("/retention").WithTags("Retention");

        retention.MapGet("", GetRetention.Handle)
            .Describe("getRetention", "Get how long studies are kept", "Days after its upload that a study of the tenant is deleted with everything that belongs to it.")
            .Needs(Scopes.Admin)
            .Audited("retention.read");

        retention.MapPut("", SetRetention.Handle)
            .Describe("setRetention", "Set how long studies are kept", "Holds for all studies of the tenant, those that are there too: the next look, within an hour, deletes what is older, beyond recovery.")
            .Needs(Scopes.Admin)
            .Audited("retention.change")
            .Refuses(FaultCodes.RequestInvalid, FaultCodes.MediaUnsupported);
    }
}
