using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Evaluations;

/// <summary>A file of a finished evaluation, byte for byte as the job wrote it.</summary>
public static class GetEvaluationFile
{
    public const string ParquetType = "application/vnd.apache.parquet";

    public static Task<Results<FileStreamHttpResult, Problem>> Results(Guid id, HemoDbContext db, IBlobStore blobs, CancellationToken cancellationToken) =>
        Open(id, EvaluationFiles.Results, "application/json", null, db, blobs, cancellationToken);

    public static Task<Results<FileStreamHttpResult, Problem>> Cases(Guid id, HemoDbContext db, IBlobStore blobs, CancellationToken cancellationToken) =>
        Open(id, EvaluationFiles.Cases, "text/csv; charset=utf-8", $"{id}-cases.csv", db, blobs, cancellationToken);

    public static Task<Results<FileStreamHttpResult, Problem>> Statistics(Guid id, HemoDbContext db, IBlobStore blobs, CancellationToken cancellationToken) =>
        Open(id, EvaluationFiles.Statistics, "text/csv; charset=utf-8", $"{id}-statistics.csv", db, blobs, cancellationToken);

    public static Task<Results<FileStreamHttpResult, Problem>> CasesParquet(Guid id, HemoDbContext db, IBlobStore blobs, CancellationToken cancellationToken) =>
        Open(id, EvaluationFiles.CasesParquet, ParquetType, $"{id}-cases.parquet", db, blobs, cancellationToken);

    public static Task<Results<FileStreamHttpResult, Problem>> StatisticsParquet(Guid id, HemoDbContext db, IBlobStore blobs, CancellationToken cancellationToken) =>
        Open(id, EvaluationFiles.StatisticsParquet, ParquetType, $"{id}-statistics.parquet", db, blobs, cancellationToken);

    public static Task<Results<FileStreamHttpResult, Problem>> Report(
        Guid id, HttpResponse response, HemoDbContext db, IBlobStore blobs, CancellationToken cancellationToken)
    {
        // The page has no script, and none that some text of it might smuggle in runs.
        response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        return Open(id, EvaluationFiles.Report, "text/html; charset=utf-8", null, db, blobs, cancellationToken);
    }

    /// <param name="plot">Name of a plot, as the results list them.</param>
    public static Task<Results<FileStreamHttpResult, Problem>> Svg(Guid id, string plot, HemoDbContext db, IBlobStore blobs, CancellationToken cancellationToken) =>
        Plot(id, plot, "svg", "image/svg+xml", db, blobs, cancellationToken);

    /// <param name="plot">Name of a plot, as the results list them.</param>
    public static Task<Results<FileStreamHttpResult, Problem>> Png(Guid id, string plot, HemoDbContext db, IBlobStore blobs, CancellationToken cancellationToken) =>
        Plot(id, plot, "png", "image/png", db, blobs, cancellationToken);

    private static async Task<Results<FileStreamHttpResult, Problem>> Plot(
        Guid id, string plot, string extension, string mediaType, HemoDbContext db, IBlobStore blobs, CancellationToken cancellationToken) =>
        plot.All(c => char.IsAsciiLetterLower(c) || c == '-')
            ? await Open(id, EvaluationFiles.Plot($"{plot}.{extension}"), mediaType, $"{id}-{plot}.{extension}", db, blobs, cancellationToken)
            : EvaluationFaults.NoSuchPlot.ToProblem();

    private static async Task<Results<FileStreamHttpResult, Problem>> Open(
        Guid id, string name, string mediaType, string? downloadName, HemoDbContext db, IBlobStore blobs, CancellationToken cancellationToken)
    {
        var evaluation = await db.Evaluations.AsNoTracking().SingleOrDefaultAsync(e => e.Id == id, cancellationToken);
        if (evaluation is not { Status: JobStatus.Succeeded })
        {
            return (evaluation is null ? EvaluationFaults.NotFound : EvaluationFaults.NotReady(evaluation)).ToProblem();
        }

        return await blobs.Open(BlobKeys.EvaluationFile(id, name), cancellationToken) is { } stream
            ? TypedResults.Stream(stream, mediaType, downloadName)
            : EvaluationFaults.NoSuchPlot.ToProblem();
    }
}
