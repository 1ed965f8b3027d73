using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HemoApi.References;

/// <summary>Deletes one reader's mask. Evaluations that used it keep their figures.</summary>
public static class DeleteReference
{
    public static async Task<Results<NoContent, Problem>> Handle(
        Guid id, Guid referenceId, HemoDbContext db, ReferenceStore store, CancellationToken cancellationToken)
    {
        if (!(await ReferenceRows.Find(db, id, referenceId, cancellationToken)).TryGet(out var reference, out var fault))
        {
            return fault.ToProblem();
        }

        await store.Remove(reference);
        return TypedResults.NoContent();
    }
}
