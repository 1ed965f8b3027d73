using Hangfire;
using HemoApi.Jobs;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;
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
    ILogger<EvaluationWatch> log) : AbandonedWatch(hangfire, running, options, time, log)
{
    protected override async Task<IReadOnlyList<Abandoned>> Rows(JobStatus status, int? atMost, CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsSystem();
        return await db.Evaluations.Where(e => e.Status == status)
            .OrderBy(e => e.CreatedAt).ThenBy(e => e.Id)
            .Take(atMost ?? int.MaxValue)
            .Select(e => new Abandoned(e.Id, e.Status, JobPriority.Routine, e.Attempts, false, e.QueueTicket, e.SeenAt))
            .ToListAsync(cancellationToken);
    }

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
