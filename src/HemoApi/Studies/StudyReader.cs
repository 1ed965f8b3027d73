using HemoApi.Imaging;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Studies;

public static class StudyReader
{
    /// <summary>The study with its jobs as its caller may see it, or <c>not_found</c> or <c>gone</c>. Uploads that have not
    /// ended are not there yet.</summary>
    public static async Task<Outcome<Study>> Read(HemoDbContext db, Guid studyId, CancellationToken cancellationToken)
    {
        var study = await db.Studies.AsNoTracking().Include(s => s.Jobs).SingleOrDefaultAsync(s => s.Id == studyId, cancellationToken);
        return study switch
        {
            null or { Status: StudyStatus.Pending } => StudyFaults.NotFound,
            { DeletedAt: not null } => StudyFaults.Gone,
            _ => study,
        };
    }

    public static Job LatestJob(this Study study) => study.Jobs.MaxBy(j => (j.CreatedAt, j.Id))
        ?? throw new InvalidOperationException($"study {study.Id} has no job");
}
