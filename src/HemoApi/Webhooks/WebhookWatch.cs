using Hangfire;
using HemoApi.Hosting;
using HemoApi.Jobs;
using Microsoft.Extensions.Options;

namespace HemoApi.Webhooks;

/// <summary>Has sent what is due and what no one is going to send: after a start, whose queue in memory is empty, and where a process died or
/// handing over failed. Forgets what ended long ago.</summary>
public sealed partial class WebhookWatch(
    DeliveryTransitions deliveries,
    WebhookOutbox outbox,
    JobStorage hangfire,
    IOptions<JobsOptions> options,
    TimeProvider time,
    ILogger<WebhookWatch> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.WatchInterval, time);
        try
        {
            do
            {
                await Look(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends, and what it leaves is found by the next start or by other processes.
        }
    }

    private async Task Look(CancellationToken stoppingToken)
    {
        try
        {
            if (await deliveries.AnyDue(stoppingToken) && hangfire.GetMonitoringApi().EnqueuedCount(WebhookOutbox.Queue) == 0)
            {
                outbox.Send();
            }

            await deliveries.Forget(stoppingToken);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            // The database may be away: the next look may find it well.
            LogFailed(log, e.Shape());
        }
    }

    [LoggerMessage(LogLevel.Error, "Looking for deliveries that are due failed: {Shape}")]
    private static partial void LogFailed(ILogger log, string shape);
}
