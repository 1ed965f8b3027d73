using System.Text;
using System.Text.Json;
using HemoApi.Storage;

namespace HemoApi.Evaluations;

/// <summary>The files of an evaluation; written again, they are the same.</summary>
public sealed class EvaluationFiles(IBlobStore blobs, PngRenderer png)
{
    public const string CasesParquet = "cases.parquet";
    public const string StatisticsParquet = "statistics.parquet";
    public const string Results = "results.json";
    public const string Cases = "cases.csv";
    public const string Statistics = "statistics.csv";
    public const string Report = "report.html";

    public static string Plot(string fileName) => $"plots/{fileName}";

    public async Task Write(EvaluationResults results, IReadOnlyList<EvaluatedCase> cases, CancellationToken cancellationToken)
    {
        var id = results.EvaluationId;
        var plots = EvaluationPlots.Of(cases, results.Groups[0].Statistics);
        foreach (var (name, plot) in plots)
        {
            await Text(Plot($"{name}.svg"), writer => writer.Write(SvgRenderer.Render(name, plot, isDocument: true)));
            if (png.Render(plot) is { } bytes)
            {
                await Put(Plot($"{name}.png"), stream => stream.WriteAsync(bytes, cancellationToken).AsTask());
            }
        }

        await Text(Cases, writer => EvaluationCsv.WriteCases(results, writer));
        await Text(Statistics, writer => EvaluationCsv.WriteStatistics(results, writer));
        await Text(Report, writer => EvaluationReport.Write(results, plots, writer));
        await Put(CasesParquet, stream => EvaluationParquet.WriteCases(results, stream, cancellationToken));
        await Put(StatisticsParquet, stream => EvaluationParquet.WriteStatistics(results, stream, cancellationToken));
        await Put(Results, stream => JsonSerializer.SerializeAsync(stream, results, EvaluationJson.Options, cancellationToken));

        Task Text(string name, Action<TextWriter> write) => Put(name, async stream =>
        {
            await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
            write(writer);
        });

        Task Put(string name, Func<Stream, Task> write) => blobs.Put(BlobKeys.EvaluationFile(id, name), (stream, _) => write(stream), cancellationToken);
    }
}
