using HemoApi.Evaluations;
using HemoApi.Jobs;
using HemoApi.Models;
using HemoApi.Results;
using HemoApi.Storage;
using HemoApi.Studies;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Options;

namespace HemoApi.Hosting;

/// <summary>What must be done, in this order, before the first request and the first job.</summary>
public sealed partial class StartUp(
    HemoDatabase database,
    IBlobStore blobs,
    FirstStart firstStart,
    StudyEraser eraser,
    UploadStudySweep uploads,
    ResultModelFill resultModels,
    JobQueue queue,
    EvaluationQueue evaluations,
    ModelHost models,
    IOptions<StorageOptions> storage,
    IServer server,
    IHostApplicationLifetime lifetime,
    ILogger<StartUp> log) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await database.Migrate(cancellationToken);
        await blobs.Prepare(cancellationToken);
        await firstStart.Prepare(cancellationToken);
        await uploads.RunAtStart(cancellationToken);
        await eraser.FinishInterrupted(cancellationToken);
        await resultModels.Run(cancellationToken);

        // A shared queue outlives its processes, and others may be running what says so: the watches tell which are not.
        if (!storage.Value.IsShared)
        {
            await EnqueueUnfinished(cancellationToken);
        }

        if (models.Load() is { } fault)
        {
            throw new InvalidOperationException($"{fault.Code}: {fault.Detail} {fault.Remedy}");
        }

        lifetime.ApplicationStarted.Register(() => firstStart.Announce(server, Console.Out));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task EnqueueUnfinished(CancellationToken cancellationToken)
    {
        await evaluations.EnqueueUnfinished(cancellationToken);
        var unfinished = await queue.EnqueueUnfinished(cancellationToken);
        if (unfinished > 0)
        {
            LogUnfinished(log, unfinished);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Count} unfinished jobs are queued again")]
    private static partial void LogUnfinished(ILogger log, int count);
}
