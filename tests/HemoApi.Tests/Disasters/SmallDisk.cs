using System.Diagnostics;

namespace HemoApi.Tests.Disasters;

/// <summary>A disk of few bytes, which a test can fill: a file system in memory that only the processes see which are started by
/// <see cref="Launcher"/>. Linux, where users may make namespaces.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly Process _holder;
    private readonly string _mount = Directory.CreateTempSubdirectory("hemoapi-disk").FullName;

    private SmallDisk(int megabytes) => _holder = Process.Start(new ProcessStartInfo(
        "unshare", ["-rm", "sh", "-c", $"mount -t tmpfs -o size={megabytes}m tmpfs '{_mount}' && echo mounted && exec sleep infinity"])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    /// <summary>Where it is for processes that it launches.</summary>
    public string Path => _mount;

    /// <summary>What stands before a command that shall see the disk.</summary>
    public string[] Launcher => ["nsenter", "-t", $"{_holder.Id}", "-U", "-m", "--preserve-credentials"];

    /// <summary>Where it is for this process.</summary>
    public string PathFromOutside => $"/proc/{_holder.Id}/root{_mount}";

    private string Filler => System.IO.Path.Combine(PathFromOutside, "filler");

    /// <returns>Null where this machine allows none.</returns>
    public static async Task<SmallDisk?> Mount(int megabytes)
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/unshare") || !File.Exists("/usr/bin/nsenter"))
        {
            return null;
        }

        var disk = new SmallDisk(megabytes);
        if (await disk._holder.StandardOutput.ReadLineAsync() is "mounted")
        {
            return disk;
        }

        disk.Dispose();
        return null;
    }

    /// <summary>Until nothing fits any more, and then takes so many bytes off.</summary>
    public void Fill(long leaveBytes)
    {
        using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[1 << 16];
        try
        {
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            file.SetLength(Math.Max(0, file.Length - leaveBytes));
        }
    }

    public void Clear() => File.Delete(Filler);

    public void Dispose()
    {
        if (!_holder.HasExited)
        {
            _holder.Kill();
            _holder.WaitForExit();
        }

        _holder.Dispose();
        Directory.Delete(_mount, recursive: true);
    }
}
