using HemoApi.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace HemoApi.Studies;

/// <summary>The disk that uploads come in by.</summary>
public sealed class UploadDisk(IOptions<StorageOptions> storage, IOptions<IntakeOptions> limits) : IHealthCheck
{
    /// <summary>Whether so many bytes more leave free what an upload must leave free.</summary>
    public bool HasRoomFor(long bytes)
    {
        Directory.CreateDirectory(storage.Value.IncomingFolder);
        return new DriveInfo(storage.Value.IncomingFolder).AvailableFreeSpace - bytes >= limits.Value.MinFreeDiskBytes;
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(HasRoomFor(0) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy());
}
