using System.ComponentModel;
using System.Diagnostics;

namespace HemoApi.Benchmarks;

/// <summary>Other programs to compare with, where they are installed.</summary>
internal static class Others
{
    /// <summary>Standard output; null where the program is not there or fails.</summary>
    public static string? Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
