using System.Diagnostics;
using HemoApi.Audit;
using HemoApi.Imaging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace HemoApi.Hosting;

/// <summary>Metrics and traces by OpenTelemetry: metrics at <c>/metrics</c> in Prometheus's format, and both to a collector where the environment
/// names one (OTEL_EXPORTER_OTLP_ENDPOINT).</summary>
public static class Telemetry
{
    private const string Path = "/metrics";

    /// <summary>Runs of jobs. Tags are our ids and codes, nothing of a patient.</summary>
    public static ActivitySource Traces { get; } = new("HemoApi");

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        var collected = !string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        builder.Services.AddSingleton<HemoMetrics>();
        var telemetry = builder.Services.AddOpenTelemetry().WithMetrics(metrics =>
        {
            metrics.AddMeter(HemoMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql")
                .AddRuntimeInstrumentation()
                .AddPrometheusExporter();
            if (collected)
            {
                metrics.AddOtlpExporter();
            }
        });
        if (collected)
        {
            telemetry.WithTracing(traces => traces.AddSource(Traces.Name, PipelineTrace.Source.Name).AddAspNetCoreInstrumentation().AddOtlpExporter());
        }
    }

    /// <summary>For callers with the scope <see cref="Scopes.Admin"/>.</summary>
    public static void MapMetrics(this WebApplication app) => app.MapPrometheusScrapingEndpoint(Path).RequireAuthorization(Scopes.Admin).NotAudited("About no study.");

    /// <summary>For a process that serves no API and knows no callers: whoever reaches its port may read.</summary>
    public static void MapOpenMetrics(this WebApplication app) => app.MapPrometheusScrapingEndpoint(Path);
}
