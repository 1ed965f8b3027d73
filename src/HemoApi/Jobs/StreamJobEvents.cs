using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HemoApi.Jobs;

/// <summary>The job's document at once and at each change, until it has ended.</summary>
public static class StreamJobEvents
{
    public const string EventType = "job";
    private static readonly TimeSpan ReadAgain = TimeSpan.FromSeconds(1);

    public static async Task<Results<ServerSentEventsResult<JobDocument>, Problem>> Handle(
        Guid id,
        HemoDbContext db,
        JobReader reader,
        JobSignals signals,
        IHostApplicationLifetime host,
        CancellationToken cancellationToken)
    {
        var first = await reader.Read(db, id, cancellationToken);
        return first.TryGet(out var job, out var fault)
            ? TypedResults.ServerSentEvents(Changes(job, db, reader, signals, host.ApplicationStopping, cancellationToken))
            : fault.ToProblem();
    }

    private static async IAsyncEnumerable<SseItem<JobDocument>> Changes(
        JobDocument job,
        HemoDbContext db,
        JobReader reader,
        JobSignals signals,
        CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new SseItem<JobDocument>(job, EventType);
        var sent = Text(job);
        while (!job.HasEnded && !stopping.IsCancellationRequested)
        {
            await signals.Wait(job.JobId, ReadAgain, cancellationToken);
            if (!(await reader.Read(db, job.JobId, cancellationToken)).TryGet(out var now, out _))
            {
                yield break;
            }

            job = now;
            if (Text(job) is var text && text != sent)
            {
                sent = text;
                yield return new SseItem<JobDocument>(job, EventType);
            }
        }
    }

    private static string Text(JobDocument job) => JsonSerializer.Serialize(job, Json.Options);
}
