using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Queries;

public static class GetQuery
{
    public static async Task<Results<Ok<QueryDocument>, Problem>> Handle(Guid id, HemoDbContext db, CancellationToken cancellationToken) =>
        await db.Queries.AsNoTracking().SingleOrDefaultAsync(q => q.Id == id, cancellationToken) is { } query
            ? TypedResults.Ok(QueryDocument.Of(query))
            : QueryFaults.NotFound.ToProblem();
}
