using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace HemoApi.Tests.Disasters;

/// <summary>Two API and two worker processes, each with a data folder of its own, as pods have; who dies is started again.</summary>
internal sealed partial class Cluster(Func<int, string, Task<ServiceProcess>> start) : IDisposable
{
    public static readonly string[] Roles = ["api", "api", "worker", "worker"];

    private readonly ServiceProcess?[] _processes = new ServiceProcess?[Roles.Length];

    /// <summary>What ended although no one had killed it: its last words.</summary>
    public ConcurrentQueue<string> EndedByThemselves { get; } = [];

    /// <summary>What the processes that are gone have logged as something that no one had thought of.</summary>
    public ConcurrentQueue<string> Surprises { get; } = [];

    public static IEnumerable<int> Of(string role) => Enumerable.Range(0, Roles.Length).Where(i => Roles[i] == role);

    /// <summary>Of an API that listens, or listened a moment ago.</summary>
    public HttpClient? Client(int api) => _processes[api]?.Client;

    public void Kill(IEnumerable<int> which)
    {
        foreach (var i in which)
        {
            if (Interlocked.Exchange(ref _processes[i], null) is { } process)
            {
                Bury(process);
            }
        }
    }

    /// <summary>Starts whoever does not run, as often as it takes: a start may fail while the database is away.</summary>
    public Task Revive() => Task.WhenAll(Enumerable.Range(0, Roles.Length).Select(async i =>
    {
        if (_processes[i] is { HasExited: true } dead)
        {
            Bury(dead);
            _processes[i] = null;
        }

        for (var tries = 1; _processes[i] is null; tries++)
        {
            try
            {
                _processes[i] = await start(i, Roles[i]);
            }
            catch (InvalidOperationException) when (tries < 10)
            {
                await Task.Delay(500);
            }
        }
    }));

    public void Dispose() => Kill(Enumerable.Range(0, Roles.Length));

    private void Bury(ServiceProcess process)
    {
        if (process.HasExited)
        {
            EndedByThemselves.Enqueue(process.Output[^Math.Min(4000, process.Output.Length)..]);
        }
        else
        {
            process.Kill();
        }

        foreach (var entry in LogEntry().Split(process.Output).Where(e => Surprise().IsMatch(e)))
        {
            Surprises.Enqueue(entry);
        }

        process.Dispose();
    }

    [GeneratedRegex("^(?=[a-z]{4}: )", RegexOptions.Multiline)]
    private static partial Regex LogEntry();

    [GeneratedRegex("failed unexpectedly|Unexpected failure")]
    private static partial Regex Surprise();
}
