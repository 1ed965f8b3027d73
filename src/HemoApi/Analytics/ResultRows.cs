using System.Runtime.CompilerServices;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Analytics;

/// <summary>One result as analysts get it: no patient data.</summary>
public sealed record ResultRow(
    Guid StudyId,
    Guid JobId,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? CompletedAt,
    string? Site,
    string ModelId,
    string ModelVersion,
    string ModelSha256,
    double IchMl,
    double EdhMl,
    double SdhMl,
    double TotalMl);

internal static class ResultRows
{
    /// <summary>Rows held at a time, and those of a row group of Parquet.</summary>
    public const int PageSize = 10_000;

    /// <summary>By keyset, so that the last page costs what the first does.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<ResultRow>> Pages(
        IQueryable<StudyResult> results, int pageSize = PageSize, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ResultRow? last = null;
        while (true)
        {
            // "At or after, and not that one" is a range of the index; an "or" of two ranges would not be one.
            var rest = last is null
                ? results
                : results.Where(r => r.ReceivedAt >= last.ReceivedAt && (r.ReceivedAt > last.ReceivedAt || r.JobId > last.JobId));
            // In a list made once: growing ones of this length would be large objects, which are collected late.
            var page = new List<ResultRow>(pageSize);
            var rows = rest
                .OrderBy(r => r.ReceivedAt).ThenBy(r => r.JobId)
                .Take(pageSize)
                .Select(r => new ResultRow(
                    r.StudyId, r.JobId, r.ReceivedAt, r.CompletedAt, r.Site, r.ModelId, r.ModelVersion, r.ModelSha256, r.IchMl, r.EdhMl, r.SdhMl, r.TotalMl))
                .AsAsyncEnumerable();
            await foreach (var row in rows.WithCancellation(cancellationToken))
            {
                page.Add(row);
            }

            if (page.Count > 0)
            {
                yield return page;
            }

            if (page.Count < pageSize)
            {
                yield break;
            }

            last = page[^1];
        }
    }
}
