using HemoApi.Audit;
using HemoApi.Hosting;
using HemoApi.Imaging;

namespace HemoApi.Queries;

public static class QueriesEndpoints
{
    public static void MapQueries(this IEndpointRouteBuilder routes)
    {
        var queries = routes.MapGroup("/queries").WithTags("Analytics");

        queries.MapPost("", SaveQuery.Handle)
            .Describe("saveQuery", "Save a query", "Keeps a filter of results under a name, for the analytics (`queryId`) and as the cohort of an evaluation (`savedQueries`). It is answered anew each time it is used.")
            .Audited("query.save")
            .Needs(Scopes.EvaluationsWrite)
            .Refuses(FaultCodes.RequestInvalid, FaultCodes.MediaUnsupported, FaultCodes.QueryExists);

        queries.MapGet("", ListQueries.Handle)
            .Describe("listQueries", "List saved queries", "The tenant's saved queries, newest first, a page at a time.")
            .Audited("query.list")
            .Needs(Scopes.StudiesRead)
            .Refuses(FaultCodes.RequestInvalid);

        queries.MapGet("/{id:guid}", GetQuery.Handle)
            .Describe("getQuery", "Get a saved query", "The filter and its name.")
            .Audited("query.read")
            .Needs(Scopes.StudiesRead)
            .Refuses(FaultCodes.NotFound);

        queries.MapDelete("/{id:guid}", DeleteQuery.Handle)
            .Describe("deleteQuery", "Delete a saved query", "Forgets the query. Evaluations that used it keep the studies that it found, and its filter.")
            .Audited("query.delete")
            .Needs(Scopes.EvaluationsWrite)
            .Refuses(FaultCodes.NotFound);
    }
}
