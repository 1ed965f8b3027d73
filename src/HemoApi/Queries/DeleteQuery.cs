using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Queries;

/// <summary>Forgets a query. Evaluations that used it keep the studies that it found, and its filter.</summary>
public static class DeleteQuery
{
    public static async Task<Results<NoContent, Problem>> Handle(Guid id, HemoDbContext db, CancellationToken cancellationToken) =>
        await db.Queries.Where(q => q.Id == id).ExecuteDeleteAsync(cancellationToken) == 0 ? QueryFaults.NotFound.ToProblem() : TypedResults.NoContent();
}
