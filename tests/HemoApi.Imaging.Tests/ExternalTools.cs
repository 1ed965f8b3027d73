using System.Collections.Concurrent;
using System.Diagnostics;

namespace HemoApi.Imaging.Tests;

/// <summary>Other programs that tests hold our results against. A test that needs one skips where it is not installed.</summary>
internal static class ExternalTools
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly ConcurrentDictionary<string, bool> ImportablePythonModules = [];

    /// <summary>The full path of a program on PATH; skips the running test where there is none.</summary>
    public static string Require(string tool)
    {
        var path = Find(tool);
        Assert.SkipUnless(path is not null, $"{tool} is not installed");
        return path!;
    }

    /// <summary>Skips the running test unless Python 3 with these modules is installed.</summary>
    public static void RequirePython(params string[] modules)
    {
        var python = RequirePythonPath();
        var imports = string.Join(", ", modules);
        Assert.SkipUnless(
            modules.Length == 0 || ImportablePythonModules.GetOrAdd(imports, _ => Start(python, ["-c", $"import {imports}"]).ExitCode == 0),
            $"Python 3 has no {imports}");
    }

    /// <summary>Standard output of a Python script; its arguments are <c>sys.argv[1:]</c>. Fails the test when the script fails.</summary>
    public static string Python(string script, params string[] arguments) =>
        Succeed(RequirePythonPath(), ["-c", script, .. arguments]);

    /// <summary>Standard output of a program; fails the test when it fails, skips where it is not installed.</summary>
    public static string Run(string tool, params string[] arguments) => Succeed(Require(tool), arguments);

    /// <summary>Runs a program that may fail; skips where it is not installed.</summary>
    public static ToolResult TryRun(string tool, params string[] arguments) => Start(Require(tool), arguments);

    private static string Succeed(string path, string[] arguments)
    {
        var result = Start(path, arguments);
        Assert.True(result.ExitCode == 0, $"{Path.GetFileName(path)} ended with {result.ExitCode}: {result.Error}{result.Output}");
        return result.Output;
    }

    private static ToolResult Start(string path, string[] arguments)
    {
        var start = new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{Path.GetFileName(path)} did not end within {Limit.TotalSeconds} s");
        }

        return new ToolResult(process.ExitCode, output.Result, error.Result);
    }

    private static string RequirePythonPath()
    {
        // Debian's modules belong to Debian's interpreter, which need not be the first on PATH.
        var path = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : Find("python3");
        Assert.SkipUnless(path is not null, "Python 3 is not installed");
        return path!;
    }

    private static string? Find(string tool) => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, tool))
        .FirstOrDefault(File.Exists);
}

internal sealed record ToolResult(int ExitCode, string Output, string Error);

/// <summary>A folder that goes away with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string FullPath { get; } = Directory.CreateTempSubdirectory("hemoapi-test-").FullName;

    public string this[string fileName] => Path.Combine(FullPath, fileName);

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
