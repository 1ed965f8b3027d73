using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HemoApi.Jobs;

/// <summary>Queues a failed, cancelled or dead-lettered job again.</summary>
public static class RetryJob
{
    public static async Task<Results<Accepted<JobDocument>, Problem>> Handle(
        Guid id,
        HemoDbContext db,
        JobReader reader,
        JobTransitions transitions,
        JobQueue queue,
        CancellationToken cancellationToken)
    {
        if (!(await reader.Read(db, id, cancellationToken)).TryGet(out var before, out var fault))
        {
            return fault.ToProblem();
        }

        if (!await transitions.Retry(id))
        {
            return JobFaults.CannotRetry(before.Status).ToProblem();
        }

        var job = await db.Jobs.FindAsync([id], cancellationToken) ?? throw new InvalidOperationException($"job {id} vanished");
        queue.Enqueue(id, job.Priority);
        return (await reader.Read(db, id, cancellationToken)).TryGet(out var now, out fault)
            ? TypedResults.Accepted(now.Links.Self, now)
            : fault.ToProblem();
    }
}
