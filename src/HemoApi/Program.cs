using HemoApi.Analytics;
using HemoApi.Audit;
using HemoApi.Changes;
using HemoApi.Commands;
using HemoApi.Evaluations;
using HemoApi.Hosting;
using HemoApi.Jobs;
using HemoApi.Housekeeping;
using HemoApi.Keys;
using HemoApi.Models;
using HemoApi.Queries;
using HemoApi.References;
using HemoApi.Results;
using HemoApi.Shadow;
using HemoApi.Storage;
using HemoApi.Studies;
using HemoApi.Webhooks;
using Microsoft.Extensions.Options;

namespace HemoApi;

/// <summary>The whole service, one line a step. Without a verb it serves; verbs are in <see cref="CommandLine"/>.</summary>
public static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (CommandLine.HasVerb(args))
        {
            return await CommandLine.Run(args);
        }

        await using var app = Build(args);
        try
        {
            await app.RunAsync();
            return 0;
        }
        catch (OptionsValidationException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    /// <param name="adjust">The last word on services before the application is built.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? adjust = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddHosting();
        builder.AddTelemetry();
        builder.AddStorage();
        builder.AddAudit();
        builder.AddCallers();
        builder.AddModels();
        builder.AddUploads();
        builder.AddJobs();
        builder.AddChanges();
        builder.AddWebhooks();
        builder.AddResults();
        builder.AddReferences();
        builder.AddEvaluations();
        builder.AddShadow();
        builder.AddHousekeeping();
        builder.AddApiDocument();
        adjust?.Invoke(builder);

        var app = builder.Build();
        app.UseForwardedHeaders();
        app.UseRequestLog();
        app.UseSecurityHeaders();
        app.UseProblems();
        if (!HostingOptions.Of(builder.Configuration).ServesApi)
        {
            app.MapHealth();
            app.MapOpenMetrics();
            return app;
        }

        app.UseApiDocument();
        app.UseMiddleware<FailedLoginGate>();
        app.UseAuthentication();
        app.UseAuthorization();

        app.MapHealth();
        app.MapMetrics();
        if (HostingOptions.Of(builder.Configuration).Dashboard)
        {
            app.MapDashboard();
        }

        var v1 = app.MapGroup("/api/v1").AddEndpointFilter<RouteGroupBuilder, AuditFilter>();
        v1.MapStudies();
        v1.MapResults();
        v1.MapReferences();
        v1.MapEvaluations();
        v1.MapShadow();
        v1.MapJobs();
        v1.MapChanges();
        v1.MapWebhooks();
        v1.MapModels();
        v1.MapAnalytics();
        v1.MapQueries();
        v1.MapKeys();
        v1.MapRetention();
        v1.MapAudit();
        return app;
    }
}
