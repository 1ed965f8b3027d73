using Microsoft.Win32.SafeHandles;

namespace HemoApi.Studies;

/// <summary>A request body on its way in: a file in the folder of incoming uploads that deletes itself unless it is kept. Its lock
/// tells a running upload from one that a crash left behind.</summary>
public sealed class UploadStreamFile : IDisposable
{
    private bool _isKept;

    private UploadStreamFile(string path, SafeFileHandle handle)
    {
        Path = path;
        Handle = handle;
    }

    public string Path { get; }

    public SafeFileHandle Handle { get; }

    public long Bytes { get; private set; }

    /// <summary>SHA-256 of the bytes, lower-case hex; empty until they are all there.</summary>
    public string Sha256 { get; private set; } = "";

    public static UploadStreamFile Create(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = System.IO.Path.Combine(folder, $"{Guid.NewGuid():n}.zip");
        return new UploadStreamFile(path, File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.Asynchronous));
    }

    public async Task Append(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await RandomAccess.WriteAsync(Handle, bytes, Bytes, cancellationToken);
        Bytes += bytes.Length;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(Handle, bytes, Bytes);
        Bytes += bytes.Length;
    }

    public void Complete(ReadOnlySpan<byte> sha256) => Sha256 = Convert.ToHexStringLower(sha256);

    /// <summary>Closes the file and leaves it to <paramref name="take"/>; deletes it where that throws before it moved it away.</summary>
    public async Task Keep(Func<string, Task> take)
    {
        Handle.Dispose();
        await take(Path);
        _isKept = true;
    }

    /// <summary>Deletes what crashed processes left in the folder. Uploads that are coming in are locked and stay, and so does what was written
    /// lately: on its way to the store a file is held by no one.</summary>
    /// <returns>How many were deleted.</returns>
    public static int Sweep(string folder, DateTimeOffset before)
    {
        if (!Directory.Exists(folder))
        {
            return 0;
        }

        var swept = 0;
        foreach (var path in Directory.EnumerateFiles(folder).Where(path => File.GetLastWriteTimeUtc(path) < before))
        {
            try
            {
                File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose).Dispose();
                swept++;
            }
            catch (IOException)
            {
                // Locked: an upload of another process is still coming in.
            }
        }

        return swept;
    }

    public void Dispose()
    {
        Handle.Dispose();
        if (!_isKept)
        {
            File.Delete(Path);
        }
    }
}
