using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace HemoApi.Results;

/// <summary>Mask or image as NIfTI-1, with ETag and ranges.</summary>
public static class GetNifti
{
    /// <summary>Where the voxels were scanned: sheared by a tilted gantry, or unevenly spaced.</summary>
    public const string AcquiredGrid = "acquired";

    /// <summary>Right-angled and evenly spaced.</summary>
    public const string OrthogonalGrid = "orthogonal";

    private const string ContentType = "application/gzip";

    /// <param name="grid">acquired (default): the voxels as they were scanned. orthogonal: resampled to a right-angled, evenly spaced grid
    /// where the scan is not on one.</param>
    public static async Task<Results<NiftiFile, Problem>> Mask(
        Guid id, [FromQuery] string? grid, HemoDbContext db, IBlobStore blobs, CancellationToken cancellationToken)
    {
        var (result, problem) = await Find(id, grid, db, cancellationToken);
        return result is null
            ? problem!
            : await File(
                blobs,
                BlobKeys.Mask(result.JobId),
                grid == OrthogonalGrid ? BlobKeys.OrthogonalMask(result.JobId) : null,
                $"{id}-mask",
                result.MaskSha256,
                cancellationToken);
    }

    /// <param name="grid">acquired (default): the voxels as they were scanned. orthogonal: resampled to a right-angled, evenly spaced grid
    /// where the scan is not on one.</param>
    public static async Task<Results<NiftiFile, Problem>> Image(
        Guid id, [FromQuery] string? grid, HemoDbContext db, IBlobStore blobs, CancellationToken cancellationToken)
    {
        var (result, problem) = await Find(id, grid, db, cancellationToken);
        return result is null
            ? problem!
            : await File(
                blobs,
                BlobKeys.Image(result.JobId),
                grid == OrthogonalGrid ? BlobKeys.OrthogonalImage(result.JobId) : null,
                $"{id}-image",
                result.ImageSha256,
                cancellationToken);
    }

    private static async Task<(StudyResult? Result, Problem? Problem)> Find(Guid id, string? grid, HemoDbContext db, CancellationToken cancellationToken) =>
        grid is null or AcquiredGrid or OrthogonalGrid
            ? await ResultReader.Read(db, id, cancellationToken)
            : (null, new Fault(
                FaultCodes.RequestInvalid,
                "The grid is neither acquired nor orthogonal.",
                "Send ?grid=acquired or ?grid=orthogonal, or leave it out.").ToProblem());

    /// <param name="orthogonalKey">Null for the grid as acquired. There is no such blob where that grid is orthogonal itself.</param>
    private static async Task<NiftiFile> File(
        IBlobStore blobs, string key, string? orthogonalKey, string name, string sha256, CancellationToken cancellationToken)
    {
        // The resampled file follows from the other one, so its tag does too.
        var resampled = orthogonalKey is null ? null : await blobs.Open(orthogonalKey, cancellationToken);
        var suffix = resampled is null ? "" : $"-{OrthogonalGrid}";
        return new NiftiFile(TypedResults.Stream(
            resampled ?? await blobs.OpenExisting(key, cancellationToken),
            ContentType,
            $"{name}{suffix}.nii.gz",
            entityTag: new EntityTagHeaderValue($"\"{sha256}{suffix}\""),
            enableRangeProcessing: true));
    }
}

/// <summary>A file that says no to a range beyond its end as everything else does: with a problem.</summary>
public sealed class NiftiFile(FileStreamHttpResult file) : IResult, INestedHttpResult
{
    public IResult Result => file;

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
