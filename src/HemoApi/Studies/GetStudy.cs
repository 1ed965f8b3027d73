using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HemoApi.Studies;

public static class GetStudy
{
    public static async Task<Results<Ok<StudyDocument>, Problem>> Handle(Guid id, HemoDbContext db, CancellationToken cancellationToken) =>
        (await StudyReader.Read(db, id, cancellationToken)).TryGet(out var study, out var fault)
            ? TypedResults.Ok(StudyDocument.Of(study, whole: true))
            : fault.ToProblem();
}
