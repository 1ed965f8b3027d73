using System.Net;
using HemoApi.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HemoApi.Tests.Hosting;

/// <summary>The first start of an installation.</summary>
public sealed class NewInstallationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hemoapi-new").FullName;

    [Fact]
    public async Task Several_processes_may_make_and_migrate_a_database_at_once()
    {
        var storage = Options.Create(new StorageOptions { DataFolder = _folder, Postgres = TestStorage.ConnectionString(_folder) });
        TestStorage.Drop(_folder);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            using var own = new HemoDatabase(storage, NullLoggerFactory.Instance);
            await own.Migrate(CancellationToken.None);
        })));

        using var database = new HemoDatabase(storage, NullLoggerFactory.Instance);
        await using var db = database.OpenAsSystem();
        Assert.Equal(db.Database.GetMigrations(), await db.Database.GetAppliedMigrationsAsync());
        Assert.Empty(await db.Tenants.ToListAsync());
    }

    [Fact]
    public async Task Services_that_start_at_once_on_an_empty_database_all_get_ready()
    {
        var models = TestModel.Write(_folder, TestModel.Fast());
        var apps = Enumerable.Range(0, TestStorage.IsPostgres ? 3 : 1)
            .Select(_ => Program.Build(
                ["--urls=http://127.0.0.1:0", $"--Models:Folders:0={models}", "--Models:Provider=cpu", "--FirstStart:SampleStudy=false", "--Logging:LogLevel:Default=Critical", .. TestStorage.Settings(_folder)]))
            .ToList();
        await Task.WhenAll(apps.Select(app => app.StartAsync()));
        foreach (var app in apps)
        {
            using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/ready")).StatusCode);
            await app.DisposeAsync();
        }
    }

    public void Dispose()
    {
        TestStorage.Drop(_folder);
        Directory.Delete(_folder, recursive: true);
    }
}
