using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace HemoApi.Storage;

/// <summary>Blobs as files in a folder. A blob is written beside its place, forced to disk and renamed. A key that leads out of the
/// folder is a bug and throws.</summary>
public sealed class LocalBlobStore : IBlobStore
{
    internal const string TemporarySuffix = ".partial";
    private readonly string _root;

    public LocalBlobStore(IOptions<StorageOptions> options) => _root = Path.TrimEndingDirectorySeparator(options.Value.BlobFolder);

    public Task Prepare(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_root);
        return Task.CompletedTask;
    }

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

    /// <summary>Without a copy where the file lies on the same file system.</summary>
    public Task PutFile(string key, string file, CancellationToken cancellationToken)
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
        return Task.CompletedTask;
    }

    public Task<Stream?> Open(string key, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult<Stream?>(
                new FileStream(PathOf(key), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, FileOptions.Asynchronous));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    public Task DeletePrefix(string prefix, CancellationToken cancellationToken)
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

        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<StoredBlob> List(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var folder = prefix.Length == 0 ? _root : PathOf(prefix.TrimEnd('/'));
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (file.Exists)
            {
                yield return new StoredBlob(
                    Path.GetRelativePath(_root, file.FullName).Replace(Path.DirectorySeparatorChar, '/'), file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero));
            }
        }
    }

    public Task<bool> Exists(string key, CancellationToken cancellationToken) => Task.FromResult(File.Exists(PathOf(key)));

    public Task Delete(string key, CancellationToken cancellationToken)
    {
        try
        {
            File.Delete(PathOf(key));
        }
        catch (DirectoryNotFoundException)
        {
            // Not even its folder: deleting is done already.
        }

        return Task.CompletedTask;
    }

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
