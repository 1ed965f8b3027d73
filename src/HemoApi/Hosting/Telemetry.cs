using OpenTelemetry.Metrics;

namespace HemoApi.Hosting;

/// <summary>Metrics by OpenTelemetry: at <c>/metrics</c> in Prometheus's format, and to a collector where the environment names one
/// (OTEL_EXPORTER_OTLP_ENDPOINT).</summary>
public static class Telemetry
{
    private const string Path = "/metrics";

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<HemoMetrics>();
        builder.Services.AddOpenTelemetry().WithMetrics(metrics =>
        {
            metrics.AddMeter(HemoMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql")
                .AddRuntimeInstrumentation()
                .AddPrometheusExporter();
            if (!string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            {
                metrics.AddOtlpExporter();
            }
        });
    }

    /// <summary>For callers with the scope <see cref="Scopes.Admin"/>.</summary>
    public static void MapMetrics(this WebApplication app) => app.MapPrometheusScrapingEndpoint(Path).RequireAuthorization(Scopes.Admin);

    /// <summary>For a process that serves no API and knows no callers: whoever reaches its port may read.</summary>
    public static void MapOpenMetrics(this WebApplication app) => app.MapPrometheusScrapingEndpoint(Path);
}
