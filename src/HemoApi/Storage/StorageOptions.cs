using System.ComponentModel.DataAnnotations;

namespace HemoApi.Storage;

/// <summary>Section <c>Storage</c>: where the embedded default keeps its data.</summary>
public sealed class StorageOptions
{
    public const string Section = "Storage";

    /// <summary>Database, blobs and the sample study lie under this folder. Default: <c>var</c> in the working folder.</summary>
    [Required]
    public string DataFolder { get; set; } = "var";

    public string DatabaseFile => Path.Combine(Path.GetFullPath(DataFolder), "hemoapi.db");

    public string BlobFolder => Path.Combine(Path.GetFullPath(DataFolder), "blobs");

    /// <summary>Uploads on their way in; on the file system of the blobs, so that they move without a copy.</summary>
    public string IncomingFolder => Path.Combine(Path.GetFullPath(DataFolder), "incoming");
}
