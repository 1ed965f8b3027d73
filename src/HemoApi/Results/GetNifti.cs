using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace HemoApi.Results;

/// <summary>Mask or image as NIfTI-1, with ETag and ranges.</summary>
public static class GetNifti
{
    private const string ContentType = "application/gzip";

    public static async Task<Results<FileStreamHttpResult, Problem>> Mask(
        Guid id, HemoDbContext db, LocalBlobStore blobs, CancellationToken cancellationToken)
    {
        var (result, problem) = await ResultReader.Read(db, id, cancellationToken);
        return result is null ? problem! : File(blobs, BlobKeys.Mask(result.JobId), $"{id}-mask.nii.gz", result.MaskSha256);
    }

    public static async Task<Results<FileStreamHttpResult, Problem>> Image(
        Guid id, HemoDbContext db, LocalBlobStore blobs, CancellationToken cancellationToken)
    {
        var (result, problem) = await ResultReader.Read(db, id, cancellationToken);
        return result is null ? problem! : File(blobs, BlobKeys.Image(result.JobId), $"{id}-image.nii.gz", result.ImageSha256);
    }

    private static FileStreamHttpResult File(LocalBlobStore blobs, string key, string name, string sha256) => TypedResults.Stream(
        blobs.OpenExisting(key),
        ContentType,
        name,
        entityTag: new EntityTagHeaderValue($"\"{sha256}\""),
        enableRangeProcessing: true);
}
