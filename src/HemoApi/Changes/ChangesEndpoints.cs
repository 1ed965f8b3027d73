using HemoApi.Audit;
using HemoApi.Hosting;
using HemoApi.Imaging;

namespace HemoApi.Changes;

public static class ChangesEndpoints
{
    public static void AddChanges(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ChangesOptions>()
            .BindConfiguration(ChangesOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton<ChangeLog>();
        builder.Services.AddSingleton<ForgetChangesJob>();
    }

    public static void MapChanges(this IEndpointRouteBuilder routes) => routes.MapGroup("/changes").WithTags("Changes")
        .MapGet("", ListChanges.Handle)
        .Describe("listChanges", "List changes", "What has become of the tenant's studies and jobs, oldest first, from behind a cursor. Who keeps `nextCursor` and sends it as `since` misses nothing, however often either side restarts; a cursor older than the changes that are kept (90 days unless set otherwise) is refused by `changes.expired`. Ids and states only. With `waitSeconds` the answer is held back until there is something new or the time is over (long polling).")
        .NotAudited("Ids and states, without figures; clients poll it.")
        .Needs(Scopes.StudiesRead)
        .Refuses(FaultCodes.RequestInvalid, FaultCodes.ChangesExpired);
}
