using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HemoApi.Studies;

/// <summary>Deletes a study and everything of it: upload, results, patient data in the database, running work. What stays is a
/// row that answers 410.</summary>
public static class DeleteStudy
{
    public static async Task<Results<NoContent, Problem>> Handle(
        Guid id,
        HemoDbContext db,
        Caller caller,
        StudyEraser eraser,
        CancellationToken cancellationToken)
    {
        if (!(await StudyReader.Read(db, id, cancellationToken)).TryGet(out _, out var fault))
        {
            return fault.ToProblem();
        }

        // Once begun it must not stop half way because the caller hangs up.
        return await eraser.Erase(id, caller.Id, CancellationToken.None) ? TypedResults.NoContent() : StudyFaults.Gone.ToProblem();
    }
}
