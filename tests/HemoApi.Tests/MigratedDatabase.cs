using Hangfire.PostgreSql;
using HemoApi.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace HemoApi.Tests;

/// <summary>An empty database with this version's schema. Hundreds of services under test start on a copy of it: to migrate one for each
/// took a good part of a run.</summary>
internal sealed class MigratedDatabase
{
    private static readonly Lazy<MigratedDatabase> Migrated = new(() => new MigratedDatabase());

    private readonly StorageOptions _storage;

    private MigratedDatabase()
    {
        var folder = Directory.CreateTempSubdirectory("hemoapi-migrated").FullName;
        _storage = new StorageOptions { DataFolder = folder, Postgres = TestStorage.ConnectionString(folder) };
        using (var database = new HemoDatabase(Options.Create(_storage), NullLoggerFactory.Instance))
        {
            database.Migrate(CancellationToken.None).GetAwaiter().GetResult();
        }

        if (_storage.IsShared)
        {
            // Without a pool, for nothing may be connected to what is copied.
            using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_storage.Postgres) { Pooling = false }.ToString());
            connection.Open();
            PostgreSqlObjectsInstaller.Install(connection);
        }

        SqliteConnection.ClearAllPools();
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            TestStorage.Drop(folder);
            Directory.Delete(folder, recursive: true);
        };
    }

    /// <summary>Makes the database of a data folder, unless it is there.</summary>
    public static void CopyTo(string dataFolder)
    {
        var from = Migrated.Value._storage;
        if (from.IsShared)
        {
            TestStorage.CopyDatabase(from.DataFolder, dataFolder);
            return;
        }

        var to = new StorageOptions { DataFolder = dataFolder };
        if (!File.Exists(to.DatabaseFile))
        {
            Directory.CreateDirectory(dataFolder);
            File.Copy(from.DatabaseFile, to.DatabaseFile);
        }
    }
}
