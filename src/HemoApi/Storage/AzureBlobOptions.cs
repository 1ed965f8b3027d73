using System.ComponentModel.DataAnnotations;

namespace HemoApi.Storage;

/// <summary>Section <c>Storage:Azure</c>: blobs in a container of Azure Blob Storage, in place of the folder. Give either an address
/// or a connection string.</summary>
public sealed class AzureBlobOptions
{
    public const string Section = "Storage:Azure";

    /// <summary>Address of the account, e.g. https://ACCOUNT.blob.core.windows.net; signs in with the identity that the process has
    /// (managed identity, workload identity, environment). Default: none.</summary>
    public Uri? ServiceUri { get; set; }

    /// <summary>An account's connection string, with its key; a secret. Default: none.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Made at start if it is not there. Default: <c>hemoapi</c>.</summary>
    [Required]
    [RegularExpression("^[a-z0-9](-?[a-z0-9]){2,62}$")]
    public string Container { get; set; } = "hemoapi";

    /// <summary>How long a request may be without an answer before it is given up and made again; five times in all. Default: 60 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan NetworkTimeout { get; set; } = TimeSpan.FromSeconds(60);

    public bool IsUsed => ServiceUri is not null || !string.IsNullOrWhiteSpace(ConnectionString);
}
