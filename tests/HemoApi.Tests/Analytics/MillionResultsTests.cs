using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using HemoApi.Storage;
using Microsoft.Data.Sqlite;

namespace HemoApi.Tests.Analytics;

/// <summary>How long questions about a million results take, and what their export costs in memory.</summary>
public sealed class MillionResultsTests(ITestOutputHelper output)
{
    private const string LongTests = "HEMOAPI_LONG_TESTS";
    private const int Results = 1_000_000;
    private const long MiB = 1 << 20;

    [Fact]
    public async Task A_million_results_are_counted_within_seconds_and_exported_in_flat_memory()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable(LongTests) == "1", $"stores a million results; set {LongTests}=1 to run it");
        Assert.SkipWhen(TestStorage.IsPostgres, "the results are made by SQLite");
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the peak of a process is read from /proc");
        using var folder = await ServiceFolder.Create(TestModel.Fast());
        var watch = Stopwatch.StartNew();
        await Seed(new StorageOptions { DataFolder = folder.Path }.DatabaseFile);
        output.WriteLine($"stored in {watch.Elapsed.TotalSeconds:F0} s");
        using var service = await ServiceProcess.Start(folder);
        var used = service.ProcessorTime();
        foreach (var query in (string[])["groupBy=type", "groupBy=month", "groupBy=site", "groupBy=model", "groupBy=type&from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z", "groupBy=site&hemorrhageType=EDH&minVolumeMl=30"])
        {
            watch.Restart();
            var document = await service.Client.GetFromJsonAsync<JsonElement>($"/api/v1/analytics/volumes?{query}");
            Say(query);
            if (!query.Contains('&'))
            {
                Assert.Equal(3 * (long)Results, document.GetProperty("groups").EnumerateArray().Sum(g => g.GetProperty("results").GetInt64()));
            }
        }

        // Of not quite half of them first: what the code, its buffers and the garbage collector's habits take. The rest must come for next to nothing.
        foreach (var format in (string[])["csv", "parquet"])
        {
            await Download(service.Client, $"/api/v1/analytics/results?format={format}&from=2025-06-01T00:00:00Z");
        }

        var before = service.PeakResidentBytes();
        used = service.ProcessorTime();
        foreach (var format in (string[])["csv", "parquet"])
        {
            watch.Restart();
            var (bytes, lines) = await Download(service.Client, $"/api/v1/analytics/results?format={format}");
            Say($"{format}, {bytes / MiB} MiB");
            Assert.True(format != "csv" || lines == Results + 1, $"{lines} lines");
        }

        var after = service.PeakResidentBytes();
        output.WriteLine($"peak {before / MiB} MiB after exports of less than half, {after / MiB} MiB after those of all");
        Assert.True(after - before < 64 * MiB, $"the peak rose from {before / MiB} to {after / MiB} MiB");

        void Say(string what)
        {
            var now = service.ProcessorTime();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds,7:F2} s, of processors {(now - used).TotalSeconds,6:F2} s: {what}"));
            used = now;
        }
    }

    private static async Task<(long Bytes, long Lines)> Download(HttpClient client, string path)
    {
        await using var stream = await client.GetStreamAsync(path);
        var (buffer, bytes, lines) = (new byte[1 << 16], 0L, 0L);
        for (var read = await stream.ReadAsync(buffer); read > 0; read = await stream.ReadAsync(buffer))
        {
            bytes += read;
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
        }

        return (bytes, lines);
    }

    private static async Task Seed(string databaseFile)
    {
        await using var connection = new SqliteConnection($"Data Source={databaseFile};Foreign Keys=False");
        await connection.OpenAsync();
        await using var tenant = connection.CreateCommand();
        tenant.CommandText = "SELECT id FROM tenants";

        // Without studies and jobs of their own, which these questions do not ask for.
        await new SeededResults(Guid.Parse((string)(await tenant.ExecuteScalarAsync())!), IsPostgres: false).Write(connection, 0, Results, withStudies: false);
    }
}
