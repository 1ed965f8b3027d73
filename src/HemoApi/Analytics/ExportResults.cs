using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace HemoApi.Analytics;

/// <summary>Every result that passes the filter, as a file that is made while it is sent.</summary>
public static class ExportResults
{
    public const string Csv = "csv";
    public const string Parquet = "parquet";
    public const string CsvType = "text/csv";
    public const string ParquetType = "application/vnd.apache.parquet";

    /// <param name="queryId">A saved query that results must pass too.</param>
    /// <param name="format">csv (default) or parquet.</param>
    public static async Task<Results<StreamedFile, Problem>> Handle(
        [AsParameters] AnalyticsFilter filter, [FromQuery] Guid? queryId, [FromQuery] string? format, HemoDbContext db, CancellationToken cancellationToken)
    {
        if (format is not (null or Csv or Parquet))
        {
            return new Fault(FaultCodes.RequestInvalid, "The format is neither csv nor parquet.", "Send ?format=csv or ?format=parquet, or leave it out.").ToProblem();
        }

        return (await ResultSelection.Of(filter, queryId, db, cancellationToken)).TryGet(out var selection, out var fault)
            ? File(ResultRows.Pages(selection.In(db)), isParquet: format == Parquet)
            : fault.ToProblem();
    }

    private static StreamedFile File(IAsyncEnumerable<IReadOnlyList<ResultRow>> pages, bool isParquet) => isParquet
        ? new(ParquetType, $"results.{Parquet}", (response, cancellationToken) => ResultsParquet.Write(response.Body, pages, cancellationToken))
        : new($"{CsvType}; charset=utf-8; header=present", $"results.{Csv}", (response, cancellationToken) => ResultsCsv.Write(response.BodyWriter, pages, cancellationToken));
}
