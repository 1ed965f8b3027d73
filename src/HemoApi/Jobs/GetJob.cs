using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HemoApi.Jobs;

/// <summary>The job as it is, or as soon as its status changes.</summary>
public static class GetJob
{
    /// <param name="waitSeconds">0 to 60: how long to hold the answer back while the job's status stays what it is.</param>
    public static async Task<Results<Ok<JobDocument>, Problem>> Handle(
        Guid id, HemoDbContext db, JobReader reader, LongPoll poll, CancellationToken cancellationToken, int waitSeconds = 0) =>
        (await poll.Read(id, waitSeconds, () => reader.Read(db, id, cancellationToken), cancellationToken)).TryGet(out var job, out var fault)
            ? TypedResults.Ok(job)
            : fault.ToProblem();
}
