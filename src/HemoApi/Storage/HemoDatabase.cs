using HemoApi.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace HemoApi.Storage;

/// <summary>Opens the configured database for a caller. Requests get theirs as a <see cref="HemoDbContext"/> parameter;
/// jobs and start-up ask for <see cref="OpenAsSystem"/>, so that reading across tenants is always written out.</summary>
public sealed class HemoDatabase : IDisposable
{
    private readonly StorageOptions _storage;
    private readonly NpgsqlDataSource? _postgres;
    private readonly DbContextOptions _options;

    public HemoDatabase(IOptions<StorageOptions> storage, ILoggerFactory loggers)
    {
        _storage = storage.Value;
        _postgres = _storage.IsShared ? PostgresConnections.Pool(_storage.Postgres!) : null;
        var builder = new DbContextOptionsBuilder();
        _options = (_postgres is null ? builder.UseSqlite(SqliteConnectionString()).AddInterceptors(new SecureDelete()) : builder.UseNpgsql(_postgres))
            .UseSnakeCaseNamingConvention()
            .UseLoggerFactory(loggers)
            .Options;
    }

    public HemoDbContext Open(Caller caller) =>
        _postgres is null ? new SqliteHemoDbContext(_options, caller) : new PostgresHemoDbContext(_options, caller);

    public HemoDbContext OpenAsSystem() => Open(Caller.System);

    /// <summary>Brings the schema to this version; safe from several processes at once.</summary>
    public async Task Migrate(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetFullPath(_storage.DataFolder));
        await using var db = OpenAsSystem();
        await using var turn = _postgres is null ? null : await MigrationTurn.Take(db, _postgres, cancellationToken);
        await db.Database.MigrateAsync(cancellationToken);
    }

    public void Dispose() => _postgres?.Dispose();

    private string SqliteConnectionString() => new SqliteConnectionStringBuilder
    {
        DataSource = _storage.DatabaseFile,
        ForeignKeys = true,
        DefaultTimeout = 30,
    }.ToString();
}
