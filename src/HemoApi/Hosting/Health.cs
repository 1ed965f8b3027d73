using HemoApi.Audit;
using HemoApi.Imaging;
using HemoApi.Models;
using HemoApi.Storage;
using HemoApi.Studies;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HemoApi.Hosting;

/// <summary>Whether the process lives, and whether it can do its work: database, blobs, model, disk.</summary>
public static class Health
{
    public static void AddHealth(this IHostApplicationBuilder builder) => builder.Services.AddHealthChecks()
        .AddCheck<DatabaseCheck>("database")
        .AddCheck<BlobsCheck>("blobs")
        .AddCheck<ModelCheck>("model")
        .AddCheck<UploadDisk>("disk");

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("Health").AllowAnonymous().NotAudited("About no study.");

        health.MapGet("/live", () => TypedResults.Ok(new HealthDocument("healthy", new Dictionary<string, string>())))
            .Describe("getLiveness", "Liveness", "Answers as long as the process does. No credentials needed.");

        health.MapGet("/ready", Ready)
            .Describe("getReadiness", "Readiness", "Answers 200 when the database is reachable, blobs can be written, a model is loaded and the disk has room for uploads. No credentials needed.")
            .Refuses(FaultCodes.DependencyUnavailable);
    }

    private static async Task<Results<Ok<HealthDocument>, Problem>> Ready(HealthCheckService checks, CancellationToken cancellationToken)
    {
        var report = await checks.CheckHealthAsync(cancellationToken);
        if (report.Status == HealthStatus.Healthy)
        {
            return TypedResults.Ok(new HealthDocument("healthy", report.Entries.ToDictionary(e => e.Key, _ => "healthy")));
        }

        var down = report.Entries.Where(e => e.Value.Status != HealthStatus.Healthy).Select(e => e.Key);
        return new Fault(
            FaultCodes.DependencyUnavailable,
            $"Not ready: {string.Join(", ", down)}.",
            "Try again later; whoever runs the service finds the cause in its log.").ToProblem();
    }
}

/// <param name="Checks">Each dependency by name.</param>
public sealed record HealthDocument(string Status, IReadOnlyDictionary<string, string> Checks);

public sealed class DatabaseCheck(HemoDatabase database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await using var db = database.OpenAsSystem();
        return await db.Database.CanConnectAsync(cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy();
    }
}

public sealed class BlobsCheck(IBlobStore blobs) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await blobs.Probe(cancellationToken);
        return HealthCheckResult.Healthy();
    }
}
