using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HemoApi.Jobs;

/// <summary>A queued job is cancelled at once; a running one is asked to stop and ends as soon as it can.</summary>
public static class CancelJob
{
    public static async Task<Results<Accepted<JobDocument>, Problem>> Handle(
        Guid id,
        HemoDbContext db,
        JobReader reader,
        JobTransitions transitions,
        RunningJobs running,
        CancellationToken cancellationToken)
    {
        if (!(await reader.Read(db, id, cancellationToken)).TryGet(out _, out var fault))
        {
            return fault.ToProblem();
        }

        var accepted = await transitions.CancelQueued(id);
        if (!accepted && await transitions.RequestCancel(id))
        {
            accepted = true;
            _ = running.Cancel(id);
        }

        if (!(await reader.Read(db, id, cancellationToken)).TryGet(out var job, out fault))
        {
            return fault.ToProblem();
        }

        return accepted ? TypedResults.Accepted(job.Links.Self, job) : JobFaults.CannotCancel(job.Status).ToProblem();
    }
}
