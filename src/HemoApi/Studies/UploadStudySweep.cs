using HemoApi.Hosting;
using HemoApi.References;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HemoApi.Studies;

/// <summary>Clears what uploads left behind that a crash cut short: files, half-stored studies, and keys whose request is
/// never going to be answered. Runs at start, when the database is ready and before the first request, and now and then.</summary>
public sealed class UploadStudySweep(HemoDatabase database, UploadStudyStore store, ReferenceStore references, IOptions<StorageOptions> storage, TimeProvider time)
{
    /// <summary>How often an upload on its way says so.</summary>
    public static readonly TimeSpan SignOfLifeInterval = TimeSpan.FromSeconds(20);

    /// <summary>An upload that was silent for longer is no one's any more.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(2);

    /// <summary>Reference masks give no sign of life: a younger one may be on its way.</summary>
    private static readonly TimeSpan LongestReference = TimeSpan.FromHours(1);

    /// <summary>Before the first request: where no other process takes uploads, none is on its way.</summary>
    public Task RunAtStart(CancellationToken cancellationToken)
    {
        var always = DateTimeOffset.MaxValue.ToUniversalTime();
        return storage.Value.IsShared ? Run(cancellationToken) : Run(always, always, cancellationToken);
    }

    public Task Run(CancellationToken cancellationToken) =>
        Run(time.GetUtcNow() - LongestSilence, time.GetUtcNow() - LongestReference, cancellationToken);

    private async Task Run(DateTimeOffset uploadsBefore, DateTimeOffset referencesBefore, CancellationToken cancellationToken)
    {
        UploadStreamFile.Sweep(storage.Value.IncomingFolder, uploadsBefore);
        await store.Sweep(uploadsBefore, cancellationToken);
        await references.Sweep(referencesBefore, cancellationToken);
        await using var db = database.OpenAsSystem();
        await db.IdempotencyRecords.Where(r => r.CompletedAt == null && r.CreatedAt < uploadsBefore).ExecuteDeleteAsync(cancellationToken);
    }
}

/// <summary>Sweeps now and then: the death of another process is followed by no start of this one, and what a full disk kept from being
/// removed must not wait for one.</summary>
public sealed partial class UploadStudySweepTimer(UploadStudySweep sweep, TimeProvider time, ILogger<UploadStudySweepTimer> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
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
