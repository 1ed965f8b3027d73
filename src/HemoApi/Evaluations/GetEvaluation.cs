using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Jobs;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Evaluations;

/// <summary>The evaluation as it is, or as soon as its status changes.</summary>
public static class GetEvaluation
{
    /// <param name="waitSeconds">0 to 60: how long to hold the answer back while the evaluation's status stays what it is.</param>
    public static async Task<Results<Ok<EvaluationDocument>, Problem>> Handle(
        Guid id, HemoDbContext db, LongPoll poll, CancellationToken cancellationToken, int waitSeconds = 0) =>
        (await poll.Read(id, waitSeconds, () => Read(db, id, cancellationToken), cancellationToken)).TryGet(out var evaluation, out var fault)
            ? TypedResults.Ok(evaluation)
            : fault.ToProblem();

    private static async Task<Outcome<EvaluationDocument>> Read(HemoDbContext db, Guid id, CancellationToken cancellationToken) =>
        await db.Evaluations.AsNoTracking().SingleOrDefaultAsync(e => e.Id == id, cancellationToken) is { } row
            ? EvaluationDocument.Of(row)
            : EvaluationFaults.NotFound;
}
