using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HemoApi.Results;

/// <summary>The results document, byte for byte as the job wrote it.</summary>
public static class GetResults
{
    public static async Task<Results<FileStreamHttpResult, Problem>> Handle(
        Guid id,
        HemoDbContext db,
        IBlobStore blobs,
        CancellationToken cancellationToken)
    {
        var (result, problem) = await ResultReader.Read(db, id, cancellationToken);
        return result is null
            ? problem!
            : TypedResults.Stream(await blobs.OpenExisting(BlobKeys.Document(result.JobId), cancellationToken), "application/json");
    }
}
