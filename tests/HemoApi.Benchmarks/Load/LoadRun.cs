using HemoApi.Tests;

namespace HemoApi.Benchmarks.Load;

/// <summary>How much the service takes, on PostgreSQL and a blob store: clients, service, servers and the jobs' work share this machine.</summary>
internal static class LoadRun
{
    private static readonly Dictionary<string, Func<LoadTable, Task>> Parts = new()
    {
        ["upload"] = UploadLoad.Measure,
        ["accept"] = AcceptLoad.Measure,
        ["queue"] = QueueLoad.Measure,
        ["list"] = ListLoad.Measure,
    };

    /// <param name="parts">Some of the parts; all of them where empty.</param>
    /// <returns>0 where every target was met.</returns>
    public static async Task<int> Run(string[] parts)
    {
        if (!TestStorage.IsPostgres || !TestStorage.IsAzure || parts.Any(p => !Parts.ContainsKey(p)))
        {
            await Console.Error.WriteLineAsync($"usage: .ci/postgres .ci/azurite dotnet run -c Release --project tests/HemoApi.Benchmarks -- load [{string.Join(" | ", Parts.Keys)}] ...");
            return 2;
        }

        var table = new LoadTable();
        foreach (var part in parts.Length == 0 ? [.. Parts.Keys] : parts)
        {
            await Parts[part](table);
        }

        table.Print();
        return table.AllMet ? 0 : 1;
    }
}
