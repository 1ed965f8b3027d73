using System.Runtime.InteropServices;
using System.Text;

namespace HemoApi.Training;

/// <summary>What a training process needs of the system before libtorch is loaded. Linux with glibc.</summary>
internal static class ProcessSetup
{
    /// <summary>libtorch allocates and frees hundreds of MB a step. By default glibc maps and unmaps each large block, and the
    /// kernel clears the pages every time, which makes training 2 to 7 times slower; so keep freed memory.</summary>
    private static readonly (string Name, string Value)[] MemorySettings =
    [
        ("MALLOC_MMAP_THRESHOLD_", "8589934592"),
        ("MALLOC_TRIM_THRESHOLD_", "17179869184"),
        ("MALLOC_TOP_PAD_", "268435456"),
    ];

    /// <summary>Lowers the priority of this process and of the threads it will start.</summary>
    /// <param name="nice">0 normal to 19 lowest.</param>
    public static void SetNice(int nice)
    {
        if (SetPriority(0, 0, nice) != 0)
        {
            throw new InvalidOperationException($"cannot set nice {nice}: error {Marshal.GetLastPInvokeError()}");
        }
    }

    /// <summary>Replaces this process by itself with the memory settings, which glibc reads at its start only. Returns where they are set already.</summary>
    public static void EnsureMemorySettings()
    {
        var missing = MemorySettings.Where(s => Environment.GetEnvironmentVariable(s.Name) is null).ToArray();
        if (missing.Length == 0)
        {
            return;
        }

        foreach (var (name, value) in missing)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        var arguments = Encoding.UTF8.GetString(File.ReadAllBytes("/proc/self/cmdline")).TrimEnd('\0').Split('\0');
        var variables = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().Select(v => $"{v.Key}={v.Value}");
        _ = Execute(Environment.ProcessPath!, [.. arguments, null], [.. variables, null]);
        throw new InvalidOperationException($"cannot start this program again: error {Marshal.GetLastPInvokeError()}");
    }

    [DllImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    private static extern int SetPriority(int which, uint who, int priority);

    [DllImport("libc", EntryPoint = "execve", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false)]
    private static extern int Execute(string path, string?[] arguments, string?[] environment);
}
