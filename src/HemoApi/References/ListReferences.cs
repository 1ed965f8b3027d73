using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HemoApi.References;

public static class ListReferences
{
    public static async Task<Results<Ok<ReferenceList>, Problem>> Handle(Guid id, HemoDbContext db, CancellationToken cancellationToken) =>
        (await ReferenceRows.Of(db, id, cancellationToken)).TryGet(out var references, out var fault)
            ? TypedResults.Ok(new ReferenceList([.. references.Select(ReferenceDocument.Of)]))
            : fault.ToProblem();
}
