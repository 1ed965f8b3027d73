using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HemoApi.Jobs;

/// <summary>Looks at the length of the queue now and then, so that reading the metrics costs the database nothing, and at how fast it moves.</summary>
public sealed partial class QueueSampler(
    HemoDatabase database, HemoMetrics metrics, QueuePace pace, IOptions<JobsOptions> options, TimeProvider time, ILogger<QueueSampler> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SignOfLifeInterval, time);
        try
        {
            do
            {
                await Sample(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    private async Task Sample(CancellationToken stoppingToken)
    {
        try
        {
            await using var db = database.OpenAsSystem();
            var waiting = await db.Jobs.Where(j => j.Status == JobStatus.Queued)
                .GroupBy(j => j.Priority)
                .Select(g => new { g.Key, Jobs = g.LongCount(), Oldest = g.Min(j => j.QueuedAt) })
                .ToListAsync(stoppingToken);
            var now = time.GetUtcNow();
            metrics.Sampled([.. Enum.GetValues<JobPriority>().Select(priority => waiting.Find(w => w.Key == priority) is { } queue
                ? new QueueState(priority, queue.Jobs, Math.Max(0, (now - queue.Oldest).TotalSeconds))
                : new QueueState(priority, 0, 0))]);
            pace.Sampled(await db.Tenants.ToDictionaryAsync(t => t.Id, t => t.Starts, stoppingToken));
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            // The database may be away: the next look may find it well.
            LogFailed(log, e.Shape());
        }
    }

    [LoggerMessage(LogLevel.Warning, "The length of the queue could not be read: {Shape}")]
    private static partial void LogFailed(ILogger log, string shape);
}
