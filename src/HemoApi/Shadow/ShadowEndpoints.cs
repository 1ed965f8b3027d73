using Hangfire;
using HemoApi.Audit;
using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Models;
using Microsoft.AspNetCore.Http.Metadata;

namespace HemoApi.Shadow;

public static class ShadowEndpoints
{
    public static void AddShadow(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ShadowTransitions>();
        builder.Services.AddSingleton<ShadowQueue>();
        builder.Services.AddSingleton<ShadowSampling>();
        builder.Services.AddSingleton<ShadowComparer>();
        builder.Services.AddTransient<RunShadowJob>();
        if (HostingOptions.Of(builder.Configuration).RunsJobs && !string.IsNullOrEmpty(builder.Configuration[$"{ModelsOptions.Section}:{nameof(ModelsOptions.Shadow)}"]))
        {
            builder.Services.AddHangfireServer((_, server) =>
            {
                server.WorkerCount = 1;
                server.Queues = [ShadowQueue.Name];
                server.ServerName = ShadowQueue.Name;
                server.ShutdownTimeout = TimeSpan.FromSeconds(15);
            });
            builder.Services.AddHostedService<ShadowWatch>();
        }
    }

    public static void MapShadow(this IEndpointRouteBuilder routes)
    {
        var shadow = routes.MapGroup("/shadow-runs").WithTags("Shadow");

        shadow.MapGet("", ListShadowRuns.Handle)
            .Describe("listShadowRuns", "List shadow runs", "Studies that the shadow model (setting `Models:Shadow`) has measured beside the model that answered, with the volumes of both and the Dice of their masks. Those on which the two differ most come first, a page at a time. A study's results are always those of its own model.")
            .Audited("shadow.list", "model")
            .Needs(Scopes.EvaluationsWrite)
            .Refuses(FaultCodes.RequestInvalid);

        shadow.MapGet("/export.csv", ExportShadowRuns.Handle)
            .Describe("exportShadowRuns", "Export shadow runs", "All of them as CSV (RFC 4180), one row a run and type, in the order of the list. No patient data.")
            .Audited("shadow.export", "model")
            .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(FileStream), [Analytics.ExportResults.CsvType]))
            .Needs(Scopes.EvaluationsWrite);
    }
}
