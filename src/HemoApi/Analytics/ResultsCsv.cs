using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace HemoApi.Analytics;

/// <summary>CSV by RFC 4180, UTF-8, with a header; numbers in full precision with a point, times in UTC, ISO 8601.</summary>
internal static class ResultsCsv
{
    public const string Header = "studyId,jobId,receivedAt,completedAt,site,modelId,modelVersion,modelSha256,ichMl,edhMl,sdhMl,totalMl";

    private const string LineEnd = "\r\n";
    private const int FlushBytes = 1 << 16;

    public static async Task Write(PipeWriter output, IAsyncEnumerable<IReadOnlyList<ResultRow>> pages, CancellationToken cancellationToken)
    {
        Encoding.UTF8.GetBytes(Header + LineEnd, output);
        var line = new StringBuilder();
        await foreach (var page in pages.WithCancellation(cancellationToken))
        {
            foreach (var row in page)
            {
                line.Clear();
                Append(line, row);
                foreach (var chunk in line.GetChunks())
                {
                    Encoding.UTF8.GetBytes(chunk.Span, output);
                }

                // No faster than the caller takes it.
                if (output.UnflushedBytes > FlushBytes)
                {
                    await output.FlushAsync(cancellationToken);
                }
            }
        }

        await output.FlushAsync(cancellationToken);
    }

    private static void Append(StringBuilder line, ResultRow row) => line
        .Append(CultureInfo.InvariantCulture, $"{row.StudyId},{row.JobId},{row.ReceivedAt.UtcDateTime:O},{row.CompletedAt?.UtcDateTime:O},")
        .Append(CultureInfo.InvariantCulture, $"{Quoted(row.Site)},{Quoted(row.ModelId)},{Quoted(row.ModelVersion)},{row.ModelSha256},")
        .Append(CultureInfo.InvariantCulture, $"{row.IchMl:R},{row.EdhMl:R},{row.SdhMl:R},{row.TotalMl:R}{LineEnd}");

    internal static string? Quoted(string? text) =>
        text?.AsSpan().ContainsAny(',', '"', '\n') == true || text?.Contains('\r') == true ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
