using HemoApi.Evaluations;
using HemoApi.Jobs;
using HemoApi.Models;
using HemoApi.Results;
using HemoApi.References;
using HemoApi.Storage;
using HemoApi.Studies;
using Microsoft.AspNetCore.Hosting.Server;

namespace HemoApi.Hosting;

/// <summary>What must be done, in this order, before the first request and the first job.</summary>
public sealed partial class StartUp(
    HemoDatabase database,
    FirstStart firstStart,
    StudyEraser eraser,
    UploadStudySweep uploads,
    ResultModelFill resultModels,
    ReferenceStore references,
    JobQueue queue,
    EvaluationQueue evaluations,
    ModelHost models,
    IServer server,
    IHostApplicationLifetime lifetime,
    ILogger<StartUp> log) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await database.Migrate(cancellationToken);
        await firstStart.Prepare(cancellationToken);
        await uploads.Run(cancellationToken);
        await references.Sweep(cancellationToken);
        await eraser.FinishInterrupted(cancellationToken);
        await evaluations.EnqueueUnfinished(cancellationToken);
        await resultModels.Run(cancellationToken);
        var unfinished = await queue.EnqueueUnfinished(cancellationToken);
        if (unfinished > 0)
        {
            LogUnfinished(log, unfinished);
        }

        if (models.Load() is { } fault)
        {
            throw new InvalidOperationException($"{fault.Code}: {fault.Detail} {fault.Remedy}");
        }

        lifetime.ApplicationStarted.Register(() => firstStart.Announce(server, Console.Out));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Information, "{Count} unfinished jobs are queued again")]
    private static partial void LogUnfinished(ILogger log, int count);
}
