using System.Diagnostics;
using HemoApi.Hosting;
using HemoApi.Storage;
using HemoApi.Studies;
using HemoApi.Tests;
using HemoApi.Tests.Analytics;
using Npgsql;

namespace HemoApi.Benchmarks.Load;

/// <summary>Pages of studies out of tables that grow: the time must not grow with them.</summary>
internal static class ListLoad
{
    private const int Repeats = 21;

    /// <summary>Of a million over that of a hundred. A deeper index costs something, and so does a colder cache.</summary>
    private const double FlatRatio = 3;

    private static readonly int[] Sizes = [100, 10_000, 1_000_000];

    public static async Task Measure(LoadTable table)
    {
        using var folder = await LoadService.Folder();
        var service = await LoadService.Start(folder);
        var (client, _, tenant) = await service.Client("load", Scopes.StudiesRead);
        await using var connection = new NpgsqlConnection(TestStorage.ConnectionString(folder.Path));
        await connection.OpenAsync();
        using (client)
        {
            var times = Questions(0).ToDictionary(q => q.Name, _ => new List<double>());
            for (var i = 0; i < Sizes.Length; i++)
            {
                await new SeededResults(tenant.Id, IsPostgres: true).Write(connection, i == 0 ? 0 : Sizes[i - 1], Sizes[i], withStudies: true);
                await Execute(connection, "VACUUM ANALYZE");
                foreach (var (name, query) in Questions(Sizes[i]))
                {
                    times[name].Add(await MedianMs(client, query));
                }
            }

            foreach (var (name, ms) in times)
            {
                table.Add($"list studies, {name}, of 100, 10,000 and 1,000,000 results", string.Join(", ", ms.Select(m => $"{m:F1} ms")), $"at most {FlatRatio:F0} × from first to last", ms[^1] <= FlatRatio * ms[0]);
            }

            await Plans(table, client, connection);
        }

        await service.End();
    }

    private static async Task Plans(LoadTable table, HttpClient client, NpgsqlConnection connection)
    {
        var sequential = 0;
        foreach (var (name, query) in Questions(Sizes[^1]))
        {
            using var plans = new QueryPlans();
            (await client.GetAsync(query)).EnsureSuccessStatusCode();
            var lines = await plans.Explain(connection);
            foreach (var line in lines)
            {
                Console.Error.WriteLine($"  {name}: {line.Line}");
            }

            sequential += lines.Count(l => l.IsSequential);
        }

        table.Add("their plans with a sequential scan of studies, jobs or results, of 1,000,000", $"{sequential}", "0", sequential == 0);
    }

    private static (string Name, string Query)[] Questions(int size)
    {
        var oldest = new StudyCursor(SeededResults.At(60), Guid.Empty);
        var (from, to) = (SeededResults.At(size / 2), SeededResults.At((size / 2) + 40));
        return
        [
            ("first page", "/api/v1/studies"),
            ("page in the middle", $"/api/v1/studies?cursor={new StudyCursor(SeededResults.At(size / 2), Guid.Empty)}"),
            ("last page", $"/api/v1/studies?cursor={oldest}"),
            ("40 minutes", $"/api/v1/studies?from={from.UtcDateTime:s}Z&to={to.UtcDateTime:s}Z"),
            ("one patient", $"/api/v1/studies?patientId={SeededResults.PatientId(size / 2)}"),
            ("one study", $"/api/v1/studies?studyInstanceUid={SeededResults.StudyInstanceUid(size / 2)}"),
            ("with EDH", "/api/v1/studies?hemorrhageType=EDH"),
            ("with 199 ml of SDH or more", "/api/v1/studies?hemorrhageType=SDH&minVolumeMl=199"),
            ("with 1,000 ml or more (none)", "/api/v1/studies?minVolumeMl=1000"),
        ];
    }

    private static async Task<double> MedianMs(HttpClient client, string query)
    {
        var ms = new List<double>();
        for (var i = 0; i < Repeats + 2; i++)
        {
            var start = Stopwatch.GetTimestamp();
            using var answer = await client.GetAsync(query);
            answer.EnsureSuccessStatusCode();
            await answer.Content.ReadAsByteArrayAsync();
            ms.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        // The first ones pay for compilation and connections.
        return Quantiles.Of(ms[2..], 0.5);
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }
}
