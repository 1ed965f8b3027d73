using Hangfire;
using HemoApi.Jobs;
using HemoApi.Storage;
using Microsoft.Extensions.Options;

namespace HemoApi.Evaluations;

/// <summary>Watches over evaluations.</summary>
public sealed class EvaluationWatch(
    HemoDatabase database,
    EvaluationQueue queue,
    EvaluationTransitions transitions,
    IBlobStore blobs,
    RunningJobs running,
    JobStorage hangfire,
    IOptions<JobsOptions> options,
    TimeProvider time,
    ILogger<EvaluationWatch> log) : WorkWatch<Evaluation>(database, running, hangfire, options, time, log)
{
    protected override Task<bool> TakeOver(Abandoned row) => transitions.TakeOver(row.Claim, row.SeenAt);

    protected override async Task QueueAgain(Abandoned row)
    {
        if (row.Status == JobStatus.Running)
        {
            await blobs.DeletePrefix(BlobKeys.EvaluationPrefix(row.Id), CancellationToken.None);
            if (!await transitions.QueueAgain(row.Claim))
            {
                return;
            }
        }

        queue.Enqueue(row.Id);
    }
}
