using System.Diagnostics;
using System.Net.Http.Headers;
using HemoApi.Hosting;
using HemoApi.Storage;
using HemoApi.Tests;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Benchmarks.Load;

/// <summary>Small studies from few and many clients at once, and how soon an idle worker takes one.</summary>
internal static class AcceptLoad
{
    private const int PixelsOfSlice = 64;
    private const int Studies = 200;
    private const int PickUps = 100;
    private const double PickUpTargetMs = 250;

    public static async Task Measure(LoadTable table)
    {
        using var folder = await LoadService.Folder();
        var service = await LoadService.Start(folder);
        var (client, _, tenant) = await service.Client("load", Scopes.StudiesRead, Scopes.StudiesWrite);
        using (client)
        {
            await Send(client, Zips(10), 2);
            await Drained(service);
            await PickUp(table, client, service, tenant);
            foreach (var clients in new[] { 1, 8, 64 })
            {
                var zips = Zips(Studies);
                var start = Stopwatch.GetTimestamp();
                var seconds = await Send(client, zips, clients);
                var perSecond = Studies / Stopwatch.GetElapsedTime(start).TotalSeconds;
                table.Add(
                    $"studies of {zips[0].Length / 1e3:F0} kB accepted a second, {clients} client{(clients == 1 ? "" : "s")}",
                    $"{perSecond:F0} (p95 {Quantiles.Of(seconds, 0.95) * 1000:F0} ms)");
                await Drained(service);
            }
        }

        await service.End();
    }

    private static async Task PickUp(LoadTable table, HttpClient client, TestService service, Tenant tenant)
    {
        var from = DateTimeOffset.UtcNow;
        foreach (var zip in Zips(PickUps))
        {
            await Post(client, zip);

            // So that the worker is idle, and asleep, when the next one comes.
            await Drained(service);
        }

        await using var db = service.Database.OpenAsSystem();
        var waits = await db.Jobs.Where(j => j.TenantId == tenant.Id && j.CreatedAt >= from).Select(j => new { j.QueuedAt, StartedAt = j.StartedAt!.Value }).ToListAsync();
        double[] ms = [.. waits.Select(w => (w.StartedAt - w.QueuedAt).TotalMilliseconds)];
        var p95 = Quantiles.Of(ms, 0.95);
        table.Add(
            $"an idle worker takes a study (from before it is stored), p50 and p95 of {ms.Length}",
            $"{Quantiles.Of(ms, 0.5):F0} ms, {p95:F0} ms",
            $"p95 under {PickUpTargetMs:F0} ms",
            p95 < PickUpTargetMs);
    }

    /// <returns>Seconds of each.</returns>
    private static async Task<IReadOnlyCollection<double>> Send(HttpClient client, byte[][] zips, int clients)
    {
        var next = -1;
        var seconds = await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
        {
            var own = new List<double>();
            for (var i = Interlocked.Increment(ref next); i < zips.Length; i = Interlocked.Increment(ref next))
            {
                own.Add(await Post(client, zips[i]));
            }

            return own;
        }));
        return [.. seconds.SelectMany(s => s)];
    }

    private static async Task<double> Post(HttpClient client, byte[] zip)
    {
        using var body = new ByteArrayContent(zip) { Headers = { ContentType = new MediaTypeHeaderValue("application/zip") } };
        var start = Stopwatch.GetTimestamp();
        using var answer = await client.PostAsync("/api/v1/studies", body);
        answer.EnsureSuccessStatusCode();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task Drained(TestService service)
    {
        await using var db = service.Database.OpenAsSystem();
        while (await db.Jobs.AnyAsync(j => j.Status == JobStatus.Queued || j.Status == JobStatus.Running))
        {
            await Task.Delay(20);
        }
    }

    private static byte[][] Zips(int count) => [.. Enumerable.Range(0, count).Select(_ => SmallStudy.Zip(PixelsOfSlice))];
}
