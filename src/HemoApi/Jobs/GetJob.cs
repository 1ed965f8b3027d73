using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HemoApi.Jobs;

/// <summary>The job as it is, or as soon as its status changes.</summary>
public static class GetJob
{
    private const int MaximumWaitSeconds = 60;
    private static readonly TimeSpan ReadAgain = TimeSpan.FromSeconds(1);

    /// <param name="waitSeconds">0 to 60: how long to hold the answer back while the job's status stays what it is.</param>
    public static async Task<Results<Ok<JobDocument>, Problem>> Handle(
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
            return new Fault(
                FaultCodes.RequestInvalid,
                $"waitSeconds must be from 0 to {MaximumWaitSeconds}.",
                "Ask again when the answer comes and the job has not ended.").ToProblem();
        }

        var start = time.GetTimestamp();
        var wait = TimeSpan.FromSeconds(waitSeconds);
        var before = await JobReader.Read(db, id, cancellationToken);
        var now = before;
        while (now.TryGet(out var job, out _) && !job.HasEnded && job.Status == before.Value.Status
            && time.GetElapsedTime(start) is var waited && waited < wait && !host.ApplicationStopping.IsCancellationRequested)
        {
            var left = wait - waited;
            await signals.Wait(id, left < ReadAgain ? left : ReadAgain, cancellationToken);
            now = await JobReader.Read(db, id, cancellationToken);
        }

        return now.TryGet(out var answer, out var fault) ? TypedResults.Ok(answer) : fault.ToProblem();
    }
}
