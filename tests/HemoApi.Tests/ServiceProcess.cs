using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using HemoApi.Hosting;

namespace HemoApi.Tests;

/// <summary>The built service in a process of its own, as it is run in a hospital, so that it can be killed like one.</summary>
internal sealed partial class ServiceProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="command">The program and its arguments.</param>
    private ServiceProcess(string workingFolder, IEnumerable<string> command)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(command.First(), command.Skip(1))
            {
                WorkingDirectory = workingFolder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException($"the service ended:\n{Output}"));
        _process.EnableRaisingEvents = true;
    }

    public HttpClient Client { get; private set; } = null!;

    /// <summary>Standard output and standard error so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public bool HasExited => _process.HasExited;

    public static Task<ServiceProcess> Start(ServiceFolder folder, params string[] settings) =>
        Start(folder.Path, folder.Models, folder.Key, [.. TestStorage.Settings(folder.Path), .. settings]);

    /// <param name="launcher">What stands before the command, if anything.</param>
    /// <exception cref="InvalidOperationException">It ended before it listened.</exception>
    public static async Task<ServiceProcess> Start(string workingFolder, string models, string key, IEnumerable<string> settings, params string[] launcher)
    {
        var service = new ServiceProcess(workingFolder,
        [
            .. launcher, "dotnet", Path.Combine(AppContext.BaseDirectory, "HemoApi.dll"), "--urls=http://127.0.0.1:0",
            $"--Models:Folders:0={models}", "--Models:Provider=cpu", .. settings,
        ]);
        service._process.Start();
        service._process.BeginOutputReadLine();
        service._process.BeginErrorReadLine();
        try
        {
            service.Client = new HttpClient
            {
                BaseAddress = await service._address.Task.WaitAsync(TimeSpan.FromSeconds(180)),
                Timeout = TimeSpan.FromMinutes(10),
                DefaultRequestHeaders = { { ApiKeyAuthentication.Header, key } },
            };
            return service;
        }
        catch (TimeoutException e)
        {
            service.Dispose();
            throw new TimeoutException($"the service does not listen:\n{service.Output}", e);
        }
        catch
        {
            service.Dispose();
            throw;
        }
    }

    /// <summary>Of all processors together: what a busy machine does not change.</summary>
    public TimeSpan ProcessorTime()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    /// <summary>The most memory that the process has had resident, bytes. Linux only.</summary>
    public long PeakResidentBytes()
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").Single(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>SIGTERM, as from a container's platform: the process ends in good order.</summary>
    public async Task Stop()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    public void Dispose()
    {
        Client?.Dispose();
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    [GeneratedRegex("HemoApi listens on (http://[^;]+);")]
    private static partial Regex Listens();

    private void Read(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (line is not null && Listens().Match(line) is { Success: true } match)
        {
            _address.TrySetResult(new Uri(match.Groups[1].Value));
        }
    }
}
