using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Queries;

/// <summary>Keeps a filter under a name.</summary>
public static class SaveQuery
{
    public static async Task<Results<Created<QueryDocument>, Problem>> Handle(
        QueryRequest request, HemoDbContext db, Caller caller, TimeProvider time, CancellationToken cancellationToken)
    {
        if (request.Check() is { } invalid)
        {
            return invalid.ToProblem();
        }

        var query = new SavedQuery { TenantId = caller.TenantId, Name = request.Name!, Filter = request.Filter!, CreatedAt = time.GetUtcNow() };
        db.Queries.Add(query);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (e.IsUniqueConflict())
        {
            return QueryFaults.Exists.ToProblem();
        }

        return TypedResults.Created(QueryLinks.Path(query.Id), QueryDocument.Of(query));
    }
}
