using HemoApi.Imaging;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Jobs;

/// <summary>Reads jobs as their callers may see them.</summary>
public sealed class JobReader(QueueLengths lengths)
{
    /// <summary>The job as its caller may see it, or <c>not_found</c> or <c>gone</c>.</summary>
    public async Task<Outcome<JobDocument>> Read(HemoDbContext db, Guid jobId, CancellationToken cancellationToken)
    {
        var job = await db.Jobs.AsNoTracking().Include(j => j.Study).SingleOrDefaultAsync(j => j.Id == jobId, cancellationToken);
        return job switch
        {
            null => JobFaults.NotFound,
            { Study.DeletedAt: not null } => JobFaults.Gone,
            { Status: JobStatus.Queued } => JobDocument.Of(job, await FairQueue.Position(db, lengths, job, cancellationToken)),
            _ => JobDocument.Of(job, null),
        };
    }
}
