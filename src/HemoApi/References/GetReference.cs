using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HemoApi.References;

public static class GetReference
{
    public static async Task<Results<Ok<ReferenceDocument>, Problem>> Handle(
        Guid id, Guid referenceId, HemoDbContext db, CancellationToken cancellationToken) =>
        (await ReferenceRows.Find(db, id, referenceId, cancellationToken)).TryGet(out var reference, out var fault)
            ? TypedResults.Ok(ReferenceDocument.Of(reference))
            : fault.ToProblem();
}
