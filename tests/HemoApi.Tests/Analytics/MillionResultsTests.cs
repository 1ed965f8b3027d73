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
        Seed(new StorageOptions { DataFolder = folder.Path }.DatabaseFile);
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

    /// <summary>Two years of studies, one a minute, of which three tenths bleed; without studies and jobs of their own, which these questions do not ask for.</summary>
    private static void Seed(string databaseFile)
    {
        using var connection = new SqliteConnection($"Data Source={databaseFile};Foreign Keys=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            WITH RECURSIVE counter(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM counter WHERE k < {Results - 1}),
            times AS (SELECT k, {new DateTimeOffset(2024, 6, 1, 0, 0, 0, TimeSpan.Zero).UtcTicks} + k * 600000000 AS at FROM counter)
            INSERT INTO results (job_id, tenant_id, study_id, status, ich_ml, edh_ml, sdh_ml, total_ml, mask_sha256, image_sha256, completed_at,
                received_at, received_month, site, model_id, model_version, model_sha256)
            SELECT printf('%08X-0000-7000-8000-%012X', k, k), (SELECT id FROM tenants), printf('%08X-0000-7000-9000-%012X', k, k), 'Complete',
                CASE WHEN k % 10 < 3 THEN (k * 7919 % 1500) / 10.0 + 0.05 ELSE 0 END,
                CASE WHEN k % 7 < 2 THEN (k * 104729 % 900) / 10.0 + 0.05 ELSE 0 END,
                CASE WHEN k % 11 < 3 THEN (k * 1299709 % 2000) / 10.0 + 0.05 ELSE 0 END,
                50, hex(randomblob(32)), hex(randomblob(32)), at, at,
                CAST(strftime('%Y%m', at / 10000000 - 62135596800, 'unixepoch') AS INTEGER),
                'site ' || (k * 31 % 12), CASE WHEN k < 600000 THEN 'dense-unet-phantom' ELSE 'hospital' END, '1', CASE WHEN k < 600000 THEN hex(zeroblob(32)) ELSE 'FF' || hex(zeroblob(31)) END
            FROM times
            """;
        command.CommandTimeout = 0;
        command.ExecuteNonQuery();
    }
}
