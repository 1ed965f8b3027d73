using System.ComponentModel.DataAnnotations;

namespace HemoApi.Storage;

/// <summary>Section <c>Storage</c>: where data are kept. The embedded default needs no server: SQLite and a folder.</summary>
public sealed class StorageOptions
{
    public const string Section = "Storage";

    /// <summary>Database, blobs and the sample study lie under this folder, as far as no server holds them; uploads come in here
    /// first in any case. Default: <c>var</c> in the working folder.</summary>
    [Required]
    public string DataFolder { get; set; } = "var";

    /// <summary>Npgsql's connection string: rows and the queue are in this PostgreSQL database, for any number of processes.
    /// Default: none, the embedded database of one process.</summary>
    public string? Postgres { get; set; }

    /// <summary>Whether other processes may work on the same rows and the same queue.</summary>
    public bool IsShared => !string.IsNullOrWhiteSpace(Postgres);

    public string DatabaseFile => Path.Combine(Path.GetFullPath(DataFolder), "hemoapi.db");

    public string BlobFolder => Path.Combine(Path.GetFullPath(DataFolder), "blobs");

    /// <summary>Uploads on their way in; on the file system of the blobs, so that they move without a copy.</summary>
    public string IncomingFolder => Path.Combine(Path.GetFullPath(DataFolder), "incoming");

    /// <summary>As configured, for what must be decided before there are services.</summary>
    public static StorageOptions Of(IConfiguration configuration) => configuration.GetSection(Section).Get<StorageOptions>() ?? new StorageOptions();
}
