using HemoApi.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HemoApi.Storage;

/// <summary>Opens the configured database for a caller. Requests get theirs as a <see cref="HemoDbContext"/> parameter;
/// jobs and start-up ask for <see cref="OpenAsSystem"/>, so that reading across tenants is always written out.</summary>
public sealed class HemoDatabase(IOptions<StorageOptions> storage, ILoggerFactory loggers)
{
    private readonly DbContextOptions _options = new DbContextOptionsBuilder()
        .UseSqlite(new SqliteConnectionStringBuilder
        {
            DataSource = storage.Value.DatabaseFile,
            ForeignKeys = true,
            DefaultTimeout = 30,
        }.ToString())
        .UseSnakeCaseNamingConvention()
        .UseLoggerFactory(loggers)
        .Options;

    public HemoDbContext Open(Caller caller) => new SqliteHemoDbContext(_options, caller);

    public HemoDbContext OpenAsSystem() => Open(Caller.System);

    public async Task Migrate(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(storage.Value.DatabaseFile)!);
        await using var db = OpenAsSystem();
        await db.Database.MigrateAsync(cancellationToken);
    }
}
