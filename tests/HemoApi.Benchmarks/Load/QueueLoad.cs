using System.Collections.Concurrent;
using System.Diagnostics;
using HemoApi.Hosting;
using HemoApi.Storage;
using HemoApi.Tests;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Benchmarks.Load;

/// <summary>A full queue: how fast it moves, and what clients pay that ask how far their jobs are.</summary>
internal static class QueueLoad
{
    private const int Waiting = 20_000;
    private const int Tenants = 5;
    private const int Workers = 8;
    private const int PollClients = 16;
    private const double TargetPerSecond = 100;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(10);

    // Code that has just begun to run is not compiled for speed yet.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(20);

    public static async Task Measure(LoadTable table)
    {
        using var folder = await LoadService.Folder();
        var api = await LoadService.Start(folder, "--Hosting:Role=api");
        var (client, _, first) = await api.Client("tenant 0", Scopes.StudiesRead);
        using (client)
        {
            var jobs = new List<Job>();
            for (var i = 0; i < Tenants; i++)
            {
                var (other, _, tenant) = await api.Client($"tenant {i}", Scopes.StudiesRead);
                other.Dispose();
                jobs.AddRange(await api.AddRows(tenant, Waiting / Tenants));
            }

            Parallel.ForEach(jobs, new ParallelOptions { MaxDegreeOfParallelism = 8 }, job => api.Queue.Enqueue(job.Id, job.Priority));
            var own = jobs.Where(j => j.TenantId == first.Id).Select(j => j.Id).ToArray();
            await Poll(table, $"of jobs that wait, {Waiting} in the queue", client, own);
            await Work(table, folder, api);
            await Poll(table, "of jobs that have ended", client, await Ended(api, first));
        }

        await api.End();
    }

    private static async Task Work(LoadTable table, ServiceFolder folder, TestService api)
    {
        var worker = await LoadService.Start(folder, "--Hosting:Role=worker", $"--Jobs:Workers={Workers}");
        await Task.Delay(WarmUp);
        var (before, start) = (await Done(api), Stopwatch.GetTimestamp());
        await Task.Delay(Duration);
        var perSecond = (await Done(api) - before) / Stopwatch.GetElapsedTime(start).TotalSeconds;
        var left = Waiting - await Done(api);
        await worker.End();
        table.Add(
            $"jobs without work a second through queue, turns and rows ({Tenants} tenants, {Workers} workers), from {Waiting} waiting down to {left}",
            $"{perSecond:F0}",
            $"at least {TargetPerSecond:F0}",
            perSecond >= TargetPerSecond);
    }

    private static async Task<int> Done(TestService service)
    {
        await using var db = service.Database.OpenAsSystem();
        return await db.Jobs.CountAsync(j => j.Status == JobStatus.Succeeded);
    }

    private static async Task<Guid[]> Ended(TestService service, Tenant tenant)
    {
        await using var db = service.Database.OpenAsSystem();
        return await db.Jobs.Where(j => j.Status == JobStatus.Succeeded && j.TenantId == tenant.Id).Select(j => j.Id).ToArrayAsync();
    }

    private static async Task Poll(LoadTable table, string of, HttpClient client, Guid[] jobs)
    {
        await Ask(client, jobs, TimeSpan.FromSeconds(2));
        var start = Stopwatch.GetTimestamp();
        var seconds = await Ask(client, jobs, Duration);
        var perSecond = seconds.Count / Stopwatch.GetElapsedTime(start).TotalSeconds;
        table.Add(
            $"status polls a second, {PollClients} clients, {of}",
            $"{perSecond:F0} (p50 {Quantiles.Of(seconds, 0.5) * 1000:F0} ms, p99 {Quantiles.Of(seconds, 0.99) * 1000:F0} ms)");
    }

    private static async Task<IReadOnlyCollection<double>> Ask(HttpClient client, Guid[] jobs, TimeSpan duration)
    {
        var seconds = new ConcurrentBag<double>();
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, PollClients).Select(async n =>
        {
            var random = new Random(n);
            while (Stopwatch.GetElapsedTime(start) < duration)
            {
                var asked = Stopwatch.GetTimestamp();
                using var answer = await client.GetAsync($"/api/v1/jobs/{jobs[random.Next(jobs.Length)]}");
                answer.EnsureSuccessStatusCode();
                seconds.Add(Stopwatch.GetElapsedTime(asked).TotalSeconds);
            }
        }));
        return seconds;
    }
}
