using Microsoft.Extensions.Options;

namespace HemoApi.Storage;

/// <summary>Blobs as files in a folder. A blob is there whole or not at all: it is written beside its place, forced to disk and
/// renamed. Keys are relative paths with forward slashes; a key that leads out of the folder is a bug and throws.</summary>
public sealed class LocalBlobStore
{
    private const string TemporarySuffix = ".partial";
    private readonly string _root;

    public LocalBlobStore(IOptions<StorageOptions> options)
    {
        _root = Path.TrimEndingDirectorySeparator(options.Value.BlobFolder);
        Directory.CreateDirectory(_root);
    }

    /// <summary>Writes a blob from what <paramref name="write"/> puts in the stream; replaces one of the same key.
    /// Leaves nothing behind when it throws.</summary>
    public async Task Put(string key, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        var partial = $"{path}.{Guid.NewGuid():n}{TemporarySuffix}";
        try
        {
            await using (var stream = new FileStream(partial, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.Asynchronous))
            {
                await write(stream, cancellationToken);
                await stream.FlushAsync(cancellationToken);
                stream.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: true);
            FolderFlush.Flush(folder);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    /// <summary>Takes a finished file over as a blob, without a copy where it lies on the same file system.</summary>
    public void PutFile(string key, string file)
    {
        var path = PathOf(key);
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        using (var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite))
        {
            RandomAccess.FlushToDisk(handle);
        }

        File.Move(file, path, overwrite: true);
        FolderFlush.Flush(folder);
    }

    /// <summary>A seekable stream, or null where there is no such blob.</summary>
    public FileStream? Open(string key)
    {
        try
        {
            return new FileStream(PathOf(key), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, FileOptions.Asynchronous);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <exception cref="InvalidOperationException">There is no such blob although a row says so.</exception>
    public FileStream OpenExisting(string key) => Open(key) ?? throw new InvalidOperationException($"the blob {key} is missing");

    /// <summary>Deletes every blob whose key starts with <paramref name="prefix"/>, a folder (it ends with a slash).</summary>
    public void DeletePrefix(string prefix)
    {
        if (!prefix.EndsWith('/'))
        {
            throw new ArgumentException("a prefix ends with a slash", nameof(prefix));
        }

        try
        {
            Directory.Delete(PathOf(prefix[..^1]), recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Nothing of that prefix: deleting is done already.
        }
    }

    /// <summary>Proves that a blob can be written, by writing and deleting one.</summary>
    public async Task Probe(CancellationToken cancellationToken)
    {
        var key = $"health/{Guid.NewGuid():n}";
        await Put(key, (stream, ct) => stream.WriteAsync(new byte[1], ct).AsTask(), cancellationToken);
        File.Delete(PathOf(key));
    }

    private string PathOf(string key)
    {
        var path = Path.GetFullPath(Path.Combine(_root, key));
        return path.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new ArgumentException("the key leads out of the blob folder", nameof(key));
    }
}
