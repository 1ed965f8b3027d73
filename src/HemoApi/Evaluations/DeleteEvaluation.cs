using HemoApi.Hosting;
using HemoApi.Jobs;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Evaluations;

/// <summary>Deletes an evaluation with its files; a running one stops. Studies and references stay.</summary>
public static class DeleteEvaluation
{
    public static async Task<Results<NoContent, Problem>> Handle(
        Guid id, HemoDbContext db, RunningJobs running, IBlobStore blobs, JobSignals signals, CancellationToken cancellationToken)
    {
        if (await db.Evaluations.Where(e => e.Id == id).ExecuteDeleteAsync(cancellationToken) == 0)
        {
            return EvaluationFaults.NotFound.ToProblem();
        }

        // A run finds its row gone and discards what it wrote; what is there already goes now.
        _ = running.Cancel(id);
        signals.Pulse(id);
        await blobs.DeletePrefix(BlobKeys.EvaluationPrefix(id), CancellationToken.None);
        return TypedResults.NoContent();
    }
}
