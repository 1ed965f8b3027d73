using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using HemoApi.Hosting;
using HemoApi.Tests.Studies;

namespace HemoApi.Tests;

/// <summary>The built service as a process of its own, with a tiny model, for what only a process shows: its memory, its output,
/// its death.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private const string Listens = "HemoApi listens on ";
    private const string NewKey = "API key, shown only now: ";
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _key = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServiceProcess(Process process) => _process = process;

    public HttpClient Client { get; private set; } = null!;

    public string Key { get; private set; } = "";

    /// <summary>What it wrote to standard output and standard error so far.</summary>
    public string Output => string.Join('\n', _output);

    /// <param name="folder">Data and model; the same folder again continues with its data.</param>
    /// <param name="key">Of an earlier start on the folder; null at the first, which makes one.</param>
    public static async Task<ServiceProcess> Start(string folder, string? key = null)
    {
        var models = UploadHost.TinyModel(folder);
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "HemoApi.dll"),
                "--urls=http://127.0.0.1:0",
                $"--Storage:DataFolder={Path.Combine(folder, "data")}",
                $"--Models:Folders:0={models}",
                "--Models:Provider=cpu",
                "--FirstStart:SampleStudy=false",
                "--Logging:LogLevel:Default=Debug",
            },
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var service = new ServiceProcess(new Process { StartInfo = start, EnableRaisingEvents = true });
        service.Begin();
        var address = await service._address.Task.WaitAsync(LongestStart);
        service.Key = key ?? await service._key.Task.WaitAsync(LongestStart);
        service.Client = new HttpClient
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromMinutes(10),
            DefaultRequestHeaders = { { ApiKeyAuthentication.Header, service.Key } },
        };
        return service;
    }

    /// <summary>The most memory that the process has had resident, bytes (Linux).</summary>
    public long PeakResidentBytes()
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").Single(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
    }

    /// <summary>At once, without a chance to tidy up.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            await Kill();
        }

        _process.Dispose();
    }

    private void Begin()
    {
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException($"the service ended at its start: {Output}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        if (line.StartsWith(Listens, StringComparison.Ordinal))
        {
            _address.TrySetResult(new Uri(line[Listens.Length..].Split(';')[0]));
        }
        else if (line.StartsWith(NewKey, StringComparison.Ordinal))
        {
            _key.TrySetResult(line[NewKey.Length..]);
        }
    }
}
