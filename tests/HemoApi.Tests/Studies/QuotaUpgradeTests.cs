using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HemoApi.Tests.Studies;

public sealed class QuotaUpgradeTests
{
    private const string Before = "ShadowRuns";

    [Fact]
    public async Task Uploads_of_a_database_from_before_count_and_deleted_ones_do_not()
    {
        var folder = Directory.CreateTempSubdirectory("hemoapi-upgrade").FullName;
        try
        {
            using var database = new HemoDatabase(
                Options.Create(new StorageOptions { DataFolder = folder, Postgres = TestStorage.ConnectionString(folder) }), NullLoggerFactory.Instance);
            await using var db = database.OpenAsSystem();
            await db.GetService<IMigrator>().MigrateAsync(Before);
            var time = TestStorage.IsPostgres ? "now()" : "0";
            string[] tenants = ["11111111-1111-7111-8111-111111111111", "11111111-1111-7111-8111-222222222222"];
            (string Id, int Tenant, string Status, int Bytes)[] studies =
            [
                ("22222222-2222-7222-8222-000000000001", 0, "Stored", 1000), ("22222222-2222-7222-8222-000000000002", 0, "Deleting", 200),
                ("22222222-2222-7222-8222-000000000003", 0, "Deleted", 40),
            ];
            await db.Database.OpenConnectionAsync();
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = string.Join(
                ";\n",
                [
                    .. tenants.Select(t => $"INSERT INTO tenants (id, name, created_at) VALUES ('{t}', '{t}', {time})"),
                    .. studies.Select(s => "INSERT INTO studies (id, tenant_id, status, upload_bytes, files, series, used_entries, created_at) "
                        + $"VALUES ('{s.Id}', '{tenants[s.Tenant]}', '{s.Status}', {s.Bytes}, '[]', '[]', '[]', {time})"),
                ]);
            await command.ExecuteNonQueryAsync();

            await database.Migrate(CancellationToken.None);
            Assert.Equal([1200, 0], await db.Tenants.OrderBy(t => t.Name).Select(t => t.StoredBytes).ToListAsync());
        }
        finally
        {
            TestStorage.Drop(folder);
            Directory.Delete(folder, recursive: true);
        }
    }
}
