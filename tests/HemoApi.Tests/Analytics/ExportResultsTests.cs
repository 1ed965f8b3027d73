using System.Globalization;
using HemoApi.Analytics;
using HemoApi.Hosting;
using HemoApi.Storage;
using Parquet;

namespace HemoApi.Tests.Analytics;

public sealed class ExportResultsTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_csv_has_a_row_for_each_result_of_the_tenant_with_every_digit_and_no_patient()
    {
        await using var service = await TestService.Start();
        var (client, _, tenant) = await service.Client("a", Scopes.StudiesRead);
        var (_, _, other) = await service.Client("b", Scopes.StudiesRead);
        var rows = await new StoredResults(service).Add(tenant, [(Start.AddHours(1), "north", "a-net", 0.1 + 0.2, 0, 7), (Start, null, "a-net", 0, 1e-9, 0)]);
        await new StoredResults(service).Add(other, [(Start, "north", "a-net", 99, 0, 0)]);

        using var answer = await client.GetAsync("/api/v1/analytics/results");
        var lines = (await answer.Content.ReadAsStringAsync()).Split("\r\n");

        Assert.Equal(("text/csv", "results.csv"), (answer.Content.Headers.ContentType?.MediaType, answer.Content.Headers.ContentDisposition?.FileName));
        Assert.Equal(ResultsCsv.Header, lines[0]);
        Assert.Equal([Line(rows[1]), Line(rows[0]), ""], lines[1..]);
        Assert.Contains(",0.30000000000000004,0,7,", lines[2]);
        Assert.DoesNotContain("PAT-7731-X", string.Join('\n', lines));

        static string Line(StudyResult r) => string.Create(
            CultureInfo.InvariantCulture,
            $"{r.StudyId},{r.JobId},{r.ReceivedAt.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffffZ},{r.CompletedAt?.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffffZ},{r.Site},a-net,\"1, \"\"beta\"\"\",{r.ModelSha256},{r.IchMl},{r.EdhMl},{r.SdhMl},{r.TotalMl}");
    }

    [Fact]
    public async Task Pages_hold_every_result_once_where_many_came_at_one_moment()
    {
        await using var service = await TestService.Start();
        var (_, _, tenant) = await service.Client("a", Scopes.StudiesRead);
        var rows = await new StoredResults(service).Add(tenant, Enumerable.Range(0, 50).Select(k => (Start.AddMinutes(k / 12), (string?)"north", "a-net", (double)k, 0.0, 0.0)));
        await using var db = service.Database.Open(Caller.Of(tenant.Id, []));

        var (seen, pages) = (new List<ResultRow>(), 0);
        await foreach (var page in ResultRows.Pages(db.Results, pageSize: 7))
        {
            pages++;
            seen.AddRange(page);
        }

        Assert.Equal(8, pages);
        Assert.Equal(rows.Select(r => r.JobId).Order(), seen.Select(r => r.JobId).Order());
        Assert.Equal(seen.Select(r => r.ReceivedAt).Order(), seen.Select(r => r.ReceivedAt));
    }

    [Fact]
    public async Task The_parquet_file_has_the_columns_of_the_csv()
    {
        await using var service = await TestService.Start();
        var (client, _, tenant) = await service.Client("a", Scopes.StudiesRead);
        var rows = await new StoredResults(service).Add(tenant, [(Start, null, "a-net", 0.1 + 0.2, 0, 7), (Start.AddHours(1), "north", "b-net", 0, 1e-9, 0)]);

        using var answer = await client.GetAsync("/api/v1/analytics/results?format=parquet");
        using var file = new MemoryStream(await answer.Content.ReadAsByteArrayAsync());

        Assert.Equal("application/vnd.apache.parquet", answer.Content.Headers.ContentType?.MediaType);
        await using var reader = await ParquetReader.CreateAsync(file);
        Assert.Equal(ResultsCsv.Header.Split(','), reader.Schema.GetDataFields().Select(f => f.Name));
        using var group = reader.OpenRowGroupReader(0);
        var (sites, ich, received) = (new string?[2], new double[2], new DateTime[2]);
        await group.ReadAsync(reader.Schema.FindDataField("site"), sites.AsMemory());
        await group.ReadAsync<double>(reader.Schema.FindDataField("ichMl"), ich.AsMemory());
        await group.ReadAsync<DateTime>(reader.Schema.FindDataField("receivedAt"), received.AsMemory());
        Assert.Equal([null, "north"], sites);
        Assert.Equal([rows[0].IchMl, 0], ich);
        Assert.Equal(rows.Select(r => r.ReceivedAt.UtcDateTime), received);
    }

    [Fact]
    public async Task Another_program_reads_every_row_of_the_parquet_file()
    {
        await using var service = await TestService.Start();
        var (client, _, tenant) = await service.Client("a", Scopes.StudiesRead);
        var rows = await new StoredResults(service).Add(
            tenant, Enumerable.Range(0, 300).Select(k => (Start.AddMinutes(k), k % 3 == 0 ? null : $"site \"{k % 7}\", ä", "a-net", k / 7.0, k % 2 * 1e-9, 0.1 + 0.2)));

        var read = OtherParquetReader.Rows(await client.GetByteArrayAsync("/api/v1/analytics/results?format=parquet"));

        Assert.Equal(ResultsCsv.Header.Split(','), read[0].Keys);
        Assert.Equal(rows.Select(Cells), read.Select(row => row.Values.Select(cell => cell.Text())));

        static string[] Cells(StudyResult r) =>
        [
            $"{r.StudyId}", $"{r.JobId}", Time(r.ReceivedAt), Time(r.CompletedAt!.Value), r.Site ?? "", r.ModelId, r.ModelVersion, r.ModelSha256,
            .. new[] { r.IchMl, r.EdhMl, r.SdhMl, r.TotalMl }.Select(ml => ml.ToString("R", CultureInfo.InvariantCulture)),
        ];

        static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("parquet")]
    public async Task No_results_make_a_file_of_no_rows(string format)
    {
        await using var service = await TestService.Start();
        var (client, _, _) = await service.Client("a", Scopes.StudiesRead);

        var bytes = await client.GetByteArrayAsync($"/api/v1/analytics/results?format={format}");

        if (format == "csv")
        {
            Assert.Equal(ResultsCsv.Header + "\r\n", System.Text.Encoding.UTF8.GetString(bytes));
            return;
        }

        await using var reader = await ParquetReader.CreateAsync(new MemoryStream(bytes));
        Assert.Equal((0, 12), (reader.RowGroupCount, reader.Schema.GetDataFields().Length));
    }
}
