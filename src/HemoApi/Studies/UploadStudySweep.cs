using HemoApi.Hosting;
using HemoApi.References;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HemoApi.Studies;

/// <summary>Clears what uploads left behind that a crash cut short: files, half-stored studies, and keys whose request is
/// never going to be answered. Runs at start, when the database is ready and before the first request.</summary>
public sealed class UploadStudySweep(HemoDatabase database, UploadStudyStore store, ReferenceStore references, IOptions<StorageOptions> storage, TimeProvider time)
{
    /// <summary>Where other processes take uploads too, what is younger may be one of theirs.</summary>
    public static readonly TimeSpan LongestUpload = TimeSpan.FromHours(1);

    public async Task Run(CancellationToken cancellationToken)
    {
        var before = storage.Value.IsShared ? time.GetUtcNow() - LongestUpload : DateTimeOffset.MaxValue.ToUniversalTime();
        UploadStreamFile.Sweep(storage.Value.IncomingFolder);
        await store.Sweep(before, cancellationToken);
        await references.Sweep(before, cancellationToken);
        await using var db = database.OpenAsSystem();
        await db.IdempotencyRecords.Where(r => r.CompletedAt == null && r.CreatedAt < before).ExecuteDeleteAsync(cancellationToken);
    }
}

/// <summary>Sweeps now and then where processes share the database: no start of one comes after the death of another.</summary>
public sealed partial class UploadStudySweepTimer(
    UploadStudySweep sweep, IOptions<StorageOptions> storage, TimeProvider time, ILogger<UploadStudySweepTimer> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!storage.Value.IsShared)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await SweepOnce(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends; others go on.
        }
    }

    private async Task SweepOnce(CancellationToken stoppingToken)
    {
        try
        {
            await sweep.Run(stoppingToken);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            // The database or the blobs may be away: the next time may find them well.
            LogFailed(log, e.Shape());
        }
    }

    [LoggerMessage(LogLevel.Error, "Sweeping unfinished uploads failed: {Shape}")]
    private static partial void LogFailed(ILogger log, string shape);
}
