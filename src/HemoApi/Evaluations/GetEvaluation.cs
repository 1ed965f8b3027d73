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
    private const int MaximumWaitSeconds = 60;
    private static readonly TimeSpan ReadAgain = TimeSpan.FromSeconds(1);

    /// <param name="waitSeconds">0 to 60: how long to hold the answer back while the evaluation's status stays what it is.</param>
    public static async Task<Results<Ok<EvaluationDocument>, Problem>> Handle(
        Guid id,
        HemoDbContext db,
        JobSignals signals,
        TimeProvider time,
        IHostApplicationLifetime host,
        CancellationToken cancellationToken,
        int waitSeconds = 0)
    {
        if (waitSeconds is < 0 or > MaximumWaitSeconds)
        {
            return EvaluationFaults.Invalid($"waitSeconds must be from 0 to {MaximumWaitSeconds}.", "Ask again when the answer comes and the evaluation has not ended.").ToProblem();
        }

        var start = time.GetTimestamp();
        var wait = TimeSpan.FromSeconds(waitSeconds);
        var before = await Read(db, id, cancellationToken);
        var now = before;
        while (now.TryGet(out var evaluation, out _) && !evaluation.HasEnded && evaluation.Status == before.Value.Status
            && time.GetElapsedTime(start) is var waited && waited < wait && !host.ApplicationStopping.IsCancellationRequested)
        {
            var left = wait - waited;
            await signals.Wait(id, left < ReadAgain ? left : ReadAgain, cancellationToken);
            now = await Read(db, id, cancellationToken);
        }

        return now.TryGet(out var answer, out var fault) ? TypedResults.Ok(answer) : fault.ToProblem();
    }

    private static async Task<Outcome<EvaluationDocument>> Read(HemoDbContext db, Guid id, CancellationToken cancellationToken) =>
        await db.Evaluations.AsNoTracking().SingleOrDefaultAsync(e => e.Id == id, cancellationToken) is { } row
            ? EvaluationDocument.Of(row)
            : EvaluationFaults.NotFound;
}
