using System.Net.Http.Json;
using System.Text.Json;
using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HemoApi.Tests.Analytics;

public sealed class AnalyticsUpgradeTests
{
    private const string Before = "ReferencesAndEvaluations";
    private const string Tenant = "11111111-1111-7111-8111-111111111111";
    private const string Study = "22222222-2222-7222-8222-222222222222";
    private const string NoSeconds = "{}";
    private const string JobId = "33333333-3333-7333-8333-333333333333";

    [Fact]
    public async Task Results_of_a_database_from_before_are_counted_with_their_month_and_model()
    {
        Assert.SkipWhen(TestStorage.IsPostgres, "the database of that version was SQLite");
        var folder = Directory.CreateTempSubdirectory("hemoapi-upgrade").FullName;
        var received = new DateTimeOffset(2025, 12, 31, 23, 59, 59, TimeSpan.Zero);
        await Old(folder, received);
        var results = Directory.CreateDirectory(Path.Combine(folder, "blobs", "results", JobId)).FullName;
        await File.WriteAllTextAsync(Path.Combine(results, "results.json"), "{\"model\":{\"id\":\"old-net\",\"version\":\"0.1\",\"sha256\":\"abc\"},\"volumes\":[]}");

        await using var service = await TestService.Start(folder: folder);
        var (client, _, _) = await service.Client("old", Scopes.StudiesRead);

        var month = await Ich(client, "month");
        Assert.Equal(("2025-12", 12.5), (month.GetProperty("group").GetString(), month.GetProperty("sumMl").GetDouble()));
        var model = await Ich(client, "model");
        Assert.Equal(("old-net 0.1", "abc"), (model.GetProperty("group").GetString(), model.GetProperty("model").GetProperty("sha256").GetString()));
        var csv = await client.GetStringAsync("/api/v1/analytics/results");
        Assert.Contains($"{Study},{JobId},2025-12-31T23:59:59.0000000Z,2025-12-31T23:59:59.0000000Z,,old-net,0.1,abc,12.5,0,0,12.5\r\n", csv);
    }

    private static async Task<JsonElement> Ich(HttpClient client, string groupBy) =>
        (await client.GetFromJsonAsync<JsonElement>($"/api/v1/analytics/volumes?groupBy={groupBy}"))
            .GetProperty("groups").EnumerateArray().Single(g => g.GetProperty("type").GetString() == "ICH");

    /// <summary>A database as the version before made it, with one finished study.</summary>
    private static async Task Old(string folder, DateTimeOffset received)
    {
        var options = new StorageOptions { DataFolder = folder };
        var database = new HemoDatabase(Options.Create(options), NullLoggerFactory.Instance);
        await using var db = database.OpenAsSystem();
        await db.GetService<IMigrator>().MigrateAsync(Before);
        await using var connection = new SqliteConnection($"Data Source={options.DatabaseFile}");
        await connection.OpenAsync();
        var command = connection.CreateCommand();
        command.CommandText = $"""
            INSERT INTO tenants (id, name, created_at) VALUES ('{Tenant}', 'old', 0);
            INSERT INTO studies (id, tenant_id, fingerprint, status, upload_bytes, files, series, used_entries, created_at)
                VALUES ('{Study}', '{Tenant}', 'f', 'Stored', 1, '[]', '[]', '[]', {received.UtcTicks});
            INSERT INTO jobs (id, tenant_id, study_id, status, priority, progress, attempts, starts_without_end, cancel_requested, created_at, queued_at, stage_seconds)
                VALUES ('{JobId}', '{Tenant}', '{Study}', 'Succeeded', 0, 1, 1, 0, 0, {received.UtcTicks}, {received.UtcTicks}, '{NoSeconds}');
            INSERT INTO results (job_id, tenant_id, study_id, status, ich_ml, edh_ml, sdh_ml, total_ml, mask_sha256, image_sha256, completed_at)
                VALUES ('{JobId}', '{Tenant}', '{Study}', 'Complete', 12.5, 0, 0, 12.5, 'm', 'i', {received.UtcTicks});
            """;
        await command.ExecuteNonQueryAsync();
    }
}
