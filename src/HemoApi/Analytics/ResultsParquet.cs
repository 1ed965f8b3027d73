using Parquet;
using Parquet.Schema;

namespace HemoApi.Analytics;

/// <summary>Apache Parquet, a row group for each page, so that memory does not grow with the file. Columns as in the CSV; ids as text, times in UTC.</summary>
internal static class ResultsParquet
{
    private static readonly Column[] Columns =
    [
        Text("studyId", r => r.StudyId.ToString()),
        Text("jobId", r => r.JobId.ToString()),
        new(new DataField<DateTime>("receivedAt"), (group, field, rows) => group.WriteAsync<DateTime>(field, rows.Select(r => r.ReceivedAt.UtcDateTime).ToArray())),
        new(new DataField<DateTime?>("completedAt"), (group, field, rows) => group.WriteAsync<DateTime>(field, rows.Select(r => r.CompletedAt?.UtcDateTime).ToArray())),
        Text("site", r => r.Site, isNullable: true),
        Text("modelId", r => r.ModelId),
        Text("modelVersion", r => r.ModelVersion),
        Text("modelSha256", r => r.ModelSha256),
        Number("ichMl", r => r.IchMl),
        Number("edhMl", r => r.EdhMl),
        Number("sdhMl", r => r.SdhMl),
        Number("totalMl", r => r.TotalMl),
    ];

    private delegate Task WriteColumn(ParquetRowGroupWriter group, DataField field, IReadOnlyList<ResultRow> rows);

    public static async Task Write(Stream output, IAsyncEnumerable<IReadOnlyList<ResultRow>> pages, CancellationToken cancellationToken)
    {
        var schema = new ParquetSchema([.. Columns.Select(c => (Field)c.Field)]);
        await using var writer = await ParquetWriter.CreateAsync(schema, new PositionedStream(output), cancellationToken: cancellationToken);
        await foreach (var page in pages.WithCancellation(cancellationToken))
        {
            using var group = writer.CreateRowGroup();
            foreach (var column in Columns)
            {
                await column.Write(group, column.Field, page);
            }

            group.CompleteValidate();
        }
    }

    private static Column Text(string name, Func<ResultRow, string?> value, bool isNullable = false) =>
        new(new DataField<string>(name, isNullable), (group, field, rows) => group.WriteAsync(field, rows.Select(r => value(r)!).ToArray()));

    private static Column Number(string name, Func<ResultRow, double> value) =>
        new(new DataField<double>(name), (group, field, rows) => group.WriteAsync<double>(field, rows.Select(value).ToArray()));

    private sealed record Column(DataField Field, WriteColumn Write);

    /// <summary>Counts what was written: the format needs positions, and a response has none.</summary>
    private sealed class PositionedStream(Stream target) : Stream
    {
        private long _written;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => _written;

        public override long Position
        {
            get => _written;
            set => throw new NotSupportedException();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await target.WriteAsync(buffer, cancellationToken);
            _written += buffer.Length;
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task FlushAsync(CancellationToken cancellationToken) => target.FlushAsync(cancellationToken);

        /// <summary>The library writes markers of a few bytes so; a response takes none synchronously.</summary>
        public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
