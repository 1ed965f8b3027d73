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

    public static bool IsPostgres => !string.IsNullOrEmpty(Postgres);

    public static bool IsAzure => !string.IsNullOrEmpty(Azure);

    /// <summary>The service's settings. The same for the same folder, so that a second service on it finds the data of the first.</summary>
    public static string[] Settings(string dataFolder)
    {
        List<string> settings = [$"--Storage:DataFolder={dataFolder}"];
        if (ConnectionString(dataFolder) is { } postgres)
        {
            // A queue on a server outlives its process, so a second start finds what was interrupted by watching: here often.
            settings.AddRange([$"--Storage:Postgres={postgres}", "--Jobs:WatchInterval=00:00:01"]);
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

    private static object? Execute(string sql)
    {
        using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Postgres) { Pooling = false }.ToString());
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }
}
