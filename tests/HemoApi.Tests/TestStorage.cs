using System.Security.Cryptography;
using System.Text;
using Azure.Storage.Blobs;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace HemoApi.Tests;

/// <summary>Where a service under test keeps its data: SQLite and its folder or, where HEMOAPI_TEST_POSTGRES and HEMOAPI_TEST_AZURE hold
/// connection strings, a database and a container of its own on those servers, so that the same tests hold both.</summary>
internal static class TestStorage
{
    private static readonly string? Postgres = Environment.GetEnvironmentVariable("HEMOAPI_TEST_POSTGRES");
    private static readonly string? Azure = Environment.GetEnvironmentVariable("HEMOAPI_TEST_AZURE");

    /// <summary>Processes on one database must have the same: of no use to anyone but tests.</summary>
    public static readonly string Secret = Convert.ToBase64String(SHA256.HashData("tests"u8));

    public static bool IsPostgres => !string.IsNullOrEmpty(Postgres);

    public static bool IsAzure => !string.IsNullOrEmpty(Azure);

    /// <summary>Of the server, for a container of one's own; null where there is none.</summary>
    public static string? AzureConnectionString => IsAzure ? Azure : null;

    /// <summary>The service's settings. The same for the same folder, so that a second service on it finds the data of the first.</summary>
    public static string[] Settings(string dataFolder)
    {
        List<string> settings = [$"--Storage:DataFolder={dataFolder}"];
        if (ConnectionString(dataFolder) is { } postgres)
        {
            // A queue on a server outlives its process, so a second start finds what was interrupted by watching: here often.
            settings.AddRange([$"--Storage:Postgres={postgres}", "--Jobs:WatchInterval=00:00:05", $"--Identity:Secret={Secret}"]);
        }

        if (IsAzure)
        {
            settings.AddRange([$"--Storage:Azure:ConnectionString={Azure}", $"--Storage:Azure:Container={Name(dataFolder).Replace('_', '-')}"]);
        }

        return [.. settings];
    }

    /// <summary>Null for SQLite.</summary>
    public static string? ConnectionString(string dataFolder)
    {
        if (!IsPostgres)
        {
            return null;
        }

        var name = Name(dataFolder);
        if (Execute($"SELECT count(*) FROM pg_database WHERE datname = '{name}'") is 0L)
        {
            Execute($"CREATE DATABASE {name}");
        }

        return new NpgsqlConnectionStringBuilder(Postgres) { Database = name, MaxPoolSize = 20 }.ToString();
    }

    /// <summary>Keys of all blobs, in order.</summary>
    public static string[] Blobs(string dataFolder)
    {
        if (IsAzure)
        {
            return [.. Container(dataFolder).GetBlobs().Select(b => b.Name).Order(StringComparer.Ordinal)];
        }

        var folder = Path.Combine(dataFolder, "blobs");
        return [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)).Order(StringComparer.Ordinal)];
    }

    /// <summary>What the database is called in <see cref="Everything"/>.</summary>
    public static string DatabaseName => IsPostgres ? "postgres.rows" : "hemoapi.db";

    /// <summary>Every file of the data folder, every blob, and the rows of every table as text.</summary>
    public static async IAsyncEnumerable<(string Name, Stream Content)> Everything(TestService service)
    {
        foreach (var path in Directory.EnumerateFiles(service.Folder, "*", SearchOption.AllDirectories))
        {
            // The database is open: others may read it, not lock it.
            yield return (path, new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        }

        foreach (var key in IsAzure ? Blobs(service.Folder) : [])
        {
            yield return (key, await Container(service.Folder).GetBlobClient(key).OpenReadAsync());
        }

        if (IsPostgres)
        {
            yield return (DatabaseName, new MemoryStream(Encoding.UTF8.GetBytes(Rows(service.Folder))));
        }
    }

    /// <summary>Loses a blob behind the service's back.</summary>
    public static void DeleteBlob(string dataFolder, string key)
    {
        if (IsAzure)
        {
            Container(dataFolder).DeleteBlob(key);
        }
        else
        {
            File.Delete(Path.Combine(dataFolder, "blobs", key));
        }
    }

    /// <summary>Deletes everything that the folder itself does not hold.</summary>
    public static void Drop(string dataFolder)
    {
        SqliteConnection.ClearAllPools();
        if (IsPostgres)
        {
            Execute($"DROP DATABASE IF EXISTS {Name(dataFolder)} WITH (FORCE)");
        }

        if (IsAzure)
        {
            Container(dataFolder).DeleteIfExists();
        }
    }

    private static BlobContainerClient Container(string dataFolder) => new(Azure, Name(dataFolder).Replace('_', '-'));

    private static string Name(string dataFolder) =>
        $"hemoapi_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(dataFolder))))[..16]}";

    private static string Rows(string dataFolder)
    {
        var text = new StringBuilder();
        var database = Name(dataFolder);
        var tables = (string)Execute(
            "SELECT string_agg(format('%I.%I', schemaname, tablename), ' ') FROM pg_tables WHERE schemaname IN ('public', 'hangfire')", database)!;
        foreach (var table in tables.Split(' '))
        {
            text.AppendLine(table).AppendLine((string)Execute($"SELECT coalesce(string_agg(t::text, E'\\n'), '') FROM {table} t", database)!);
        }

        return text.ToString();
    }

    private static object? Execute(string sql, string? database = null)
    {
        var server = new NpgsqlConnectionStringBuilder(Postgres) { Pooling = false };
        server.Database = database ?? server.Database;
        using var connection = new NpgsqlConnection(server.ToString());
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }
}
