using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace HemoApi.Results;

/// <summary>Mask or image as NIfTI-1, with ETag and ranges.</summary>
public static class GetNifti
{
    private const string ContentType = "application/gzip";

    public static async Task<Results<NiftiFile, Problem>> Mask(
        Guid id, HemoDbContext db, LocalBlobStore blobs, CancellationToken cancellationToken)
    {
        var (result, problem) = await ResultReader.Read(db, id, cancellationToken);
        return result is null ? problem! : File(blobs, BlobKeys.Mask(result.JobId), $"{id}-mask.nii.gz", result.MaskSha256);
    }

    public static async Task<Results<NiftiFile, Problem>> Image(
        Guid id, HemoDbContext db, LocalBlobStore blobs, CancellationToken cancellationToken)
    {
        var (result, problem) = await ResultReader.Read(db, id, cancellationToken);
        return result is null ? problem! : File(blobs, BlobKeys.Image(result.JobId), $"{id}-image.nii.gz", result.ImageSha256);
    }

    private static NiftiFile File(LocalBlobStore blobs, string key, string name, string sha256) => new(TypedResults.Stream(
        blobs.OpenExisting(key),
        ContentType,
        name,
        entityTag: new EntityTagHeaderValue($"\"{sha256}\""),
        enableRangeProcessing: true));
}

/// <summary>A file that says no to a range beyond its end as everything else does: with a problem.</summary>
public sealed class NiftiFile(FileStreamHttpResult file) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await file.ExecuteAsync(httpContext);
        if (httpContext.Response is { StatusCode: StatusCodes.Status416RangeNotSatisfiable, HasStarted: false } response)
        {
            response.ContentLength = null;
            response.Headers.ContentDisposition = default;
            await Refusals.OfStatus(response.StatusCode).ExecuteAsync(httpContext);
        }
    }
}
