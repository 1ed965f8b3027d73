using HemoApi.Jobs;
using HemoApi.Storage;
using HemoApi.Studies;

namespace HemoApi.Hosting;

/// <summary>What must be done, in this order, before the first request and the first job.</summary>
public sealed partial class StartUp(
    HemoDatabase database,
    FirstStart firstStart,
    StudyEraser eraser,
    JobQueue queue,
    ILogger<StartUp> log) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await database.Migrate(cancellationToken);
        await firstStart.Prepare(cancellationToken);
        await eraser.FinishInterrupted(cancellationToken);
        var unfinished = await queue.EnqueueUnfinished(cancellationToken);
        if (unfinished > 0)
        {
            LogUnfinished(log, unfinished);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Information, "{Count} unfinished jobs are queued again")]
    private static partial void LogUnfinished(ILogger log, int count);
}
