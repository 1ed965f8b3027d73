using HemoApi.Imaging;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Jobs;

public static class JobReader
{
    /// <summary>The job as its caller may see it, or <c>not_found</c> or <c>gone</c>.</summary>
    public static async Task<Outcome<JobDocument>> Read(HemoDbContext db, Guid jobId, CancellationToken cancellationToken)
    {
        var job = await db.Jobs.AsNoTracking().Include(j => j.Study).SingleOrDefaultAsync(j => j.Id == jobId, cancellationToken);
        return job switch
        {
            null => JobFaults.NotFound,
            { Study.DeletedAt: not null } => JobFaults.Gone,
            { Status: JobStatus.Queued } => JobDocument.Of(job, await QueuePosition(db, job, cancellationToken)),
            _ => JobDocument.Of(job, null),
        };
    }

    /// <summary>Counts the jobs of all tenants, because they share the queue; nothing but their number gets out.</summary>
    private static async Task<int> QueuePosition(HemoDbContext db, Job job, CancellationToken cancellationToken) =>
        1 + await db.Jobs.IgnoreQueryFilters().CountAsync(
            j => j.Status == JobStatus.Queued
                && (j.Priority > job.Priority
                    || (j.Priority == job.Priority && (j.QueuedAt < job.QueuedAt || (j.QueuedAt == job.QueuedAt && j.Id < job.Id)))),
            cancellationToken);
}
