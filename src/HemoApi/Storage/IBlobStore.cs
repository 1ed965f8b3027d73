namespace HemoApi.Storage;

/// <summary>Where uploads and results lie. A blob is there whole or not at all. Keys are relative paths with forward slashes
/// (<see cref="BlobKeys"/>).</summary>
public interface IBlobStore
{
    /// <summary>Makes sure that there is a place to write to. Called at start; harmless where it is there.</summary>
    Task Prepare(CancellationToken cancellationToken);

    /// <summary>Writes a blob from what <paramref name="write"/> puts in the stream, which is seekable and readable; replaces one of
    /// the same key. Leaves nothing behind when it throws.</summary>
    Task Put(string key, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken);

    /// <summary>Takes a finished file over as a blob. The file is the store's from then on, whether that succeeds or not.</summary>
    Task PutFile(string key, string file, CancellationToken cancellationToken);

    /// <summary>A seekable stream, or null where there is no such blob.</summary>
    Task<Stream?> Open(string key, CancellationToken cancellationToken);

    /// <summary>Deletes every blob whose key starts with <paramref name="prefix"/>, a folder (it ends with a slash).</summary>
    Task DeletePrefix(string prefix, CancellationToken cancellationToken);

    /// <summary>Every blob whose key starts with <paramref name="prefix"/>, a folder, or every blob where it is empty; in no order. Leftovers of
    /// writes that a crash cut short are among them, if the store has such.</summary>
    IAsyncEnumerable<StoredBlob> List(string prefix, CancellationToken cancellationToken);

    Task<bool> Exists(string key, CancellationToken cancellationToken);

    /// <summary>Harmless where there is no such blob.</summary>
    Task Delete(string key, CancellationToken cancellationToken);

    /// <summary>Proves that a blob can be written, by writing and deleting one.</summary>
    Task Probe(CancellationToken cancellationToken);
}

/// <param name="ChangedAt">When it was last written.</param>
public sealed record StoredBlob(string Key, long Bytes, DateTimeOffset ChangedAt);

public static class BlobStoreExtensions
{
    /// <exception cref="BlobMissingException">There is no such blob although a row says so.</exception>
    public static async Task<Stream> OpenExisting(this IBlobStore blobs, string key, CancellationToken cancellationToken) =>
        await blobs.Open(key, cancellationToken) ?? throw new BlobMissingException(key);
}
