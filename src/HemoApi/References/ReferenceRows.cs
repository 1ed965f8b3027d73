using HemoApi.Imaging;
using HemoApi.Storage;
using HemoApi.Studies;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.References;

public static class ReferenceRows
{
    /// <summary>The study's references by reader as its caller may see them, or <c>not_found</c> or <c>gone</c>.</summary>
    public static async Task<Outcome<IReadOnlyList<ReferenceMask>>> Of(HemoDbContext db, Guid studyId, CancellationToken cancellationToken)
    {
        if (!(await StudyReader.Read(db, studyId, cancellationToken)).TryGet(out _, out var fault))
        {
            return fault;
        }

        return await db.References.AsNoTracking()
            .Where(r => r.StudyId == studyId && r.Status == ResultStatus.Complete)
            .OrderBy(r => r.Reader)
            .ToListAsync(cancellationToken);
    }

    public static async Task<Outcome<ReferenceMask>> Find(HemoDbContext db, Guid studyId, Guid referenceId, CancellationToken cancellationToken)
    {
        if (!(await Of(db, studyId, cancellationToken)).TryGet(out var references, out var fault))
        {
            return fault;
        }

        return references.FirstOrDefault(r => r.Id == referenceId) is { } reference ? reference : ReferenceFaults.NotFound;
    }
}
