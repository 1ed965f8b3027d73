using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Tests.Jobs;

/// <summary>Tenants that share the queue.</summary>
public sealed class FairQueueTests
{
    [Fact]
    public async Task A_tenant_that_queues_two_hundred_studies_keeps_no_other_waiting()
    {
        using var work = new GatedWork();
        await using var service = await TestService.Start(work.Run);
        var (client, _, large) = await service.Client("large", Scopes.StudiesRead);
        var (other, _, small) = await service.Client("small", Scopes.StudiesRead);
        var first = await Queue(service, large);
        await client.JobAfter(first, "queued");
        var at = DateTimeOffset.UtcNow;
        var many = await service.AddRows(large, 200, job => job.QueuedAt = at = at.AddMilliseconds(1));
        foreach (var job in many)
        {
            service.Queue.Enqueue(job.Id, job.Priority);
        }

        var single = await Queue(service, small);
        Assert.Equal(1, await Position(other, single));
        Assert.Equal(201, await Position(client, many[^1].Id));
        work.Release();
        await other.JobAfter(single, "queued");
        Assert.Equal([first, single], work.Started);
        Assert.Equal(1, await Position(client, many[0].Id));
    }

    [Fact]
    public async Task Jobs_start_in_the_order_that_their_positions_say()
    {
        using var work = new GatedWork();
        await using var service = await TestService.Start(work.Run);
        var clients = new Dictionary<Guid, HttpClient>();
        var tenants = new List<Tenant>();
        foreach (var name in (string[])["a", "b", "c", "d"])
        {
            var (client, _, tenant) = await service.Client(name, Scopes.StudiesRead);
            tenants.Add(tenant);
            clients[tenant.Id] = client;
        }

        // Turns that were taken earlier count: b had one before a.
        foreach (var tenant in (Tenant[])[tenants[1], tenants[0]])
        {
            var earlier = await Queue(service, tenant);
            await clients[tenant.Id].JobAfter(earlier, "queued");
            work.Release();
            await clients[tenant.Id].JobEnded(earlier);
        }

        var blocker = await Queue(service, tenants[3]);
        await clients[tenants[3].Id].JobAfter(blocker, "queued");
        var jobs = new Dictionary<Guid, Tenant>();
        foreach (var (tenant, stat) in new[] { (0, false), (0, false), (0, true), (1, false), (0, false), (0, true), (2, false), (2, true), (1, false), (3, false), (0, true), (0, false), (2, false) })
        {
            jobs[await Queue(service, tenants[tenant], stat ? JobPriority.Stat : JobPriority.Routine)] = tenants[tenant];
        }

        var told = new Dictionary<int, Guid>();
        foreach (var (job, tenant) in jobs)
        {
            told.Add(await Position(clients[tenant.Id], job), job);
        }

        Assert.Equal(Enumerable.Range(1, jobs.Count), told.Keys.Order());
        work.Release(jobs.Count + 1);
        foreach (var (job, tenant) in jobs)
        {
            await clients[tenant.Id].JobEnded(job);
        }

        Assert.Equal(told.OrderBy(t => t.Key).Select(t => t.Value), work.Started.Skip(3));
    }

    [Fact]
    public async Task Many_workers_start_every_job_once()
    {
        using var work = new GatedWork();
        work.Release(60);
        await using var service = await TestService.Start(work.Run, settings: ["--Jobs:Workers=8"]);
        var (_, _, a) = await service.Client("a", Scopes.StudiesRead);
        var (_, _, b) = await service.Client("b", Scopes.StudiesRead);
        Job[] jobs = [.. await service.AddRows(a, 25), .. await service.AddRows(b, 20), .. await service.AddRows(a, 15, priority: JobPriority.Stat)];
        Parallel.ForEach(jobs, new ParallelOptions { MaxDegreeOfParallelism = 4 }, job => service.Queue.Enqueue(job.Id, job.Priority));
        await using var db = service.Database.OpenAsSystem();
        await HemoApi.Tests.Studies.UploadHost.Until(() => db.Jobs.AllAsync(j => j.Status == JobStatus.Failed));

        Assert.Equal(jobs.Select(j => j.Id).Order(), work.Started.Order());
        Assert.Equal(60, await db.Tenants.SumAsync(t => t.Starts));
    }

    [Fact]
    public async Task A_cancelled_job_leaves_its_turn_to_the_others()
    {
        using var work = new GatedWork();
        await using var service = await TestService.Start(work.Run);
        var (client, _, tenant) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        var blocker = await Queue(service, tenant);
        await client.JobAfter(blocker, "queued");
        var cancelled = await Queue(service, tenant);
        var last = await Queue(service, tenant);
        using var answer = await client.PostAsync($"/api/v1/jobs/{cancelled}/cancel", null);
        work.Release(2);
        await client.JobEnded(last);
        Assert.Equal([blocker, last], work.Started);
    }

    private static async Task<Guid> Queue(TestService service, Tenant tenant, JobPriority priority = JobPriority.Routine)
    {
        var job = (await service.AddRows(tenant, 1, priority: priority))[0];
        service.Queue.Enqueue(job.Id, priority);
        return job.Id;
    }

    private static async Task<int> Position(HttpClient client, Guid job) => (await client.Job(job)).GetProperty("queuePosition").GetInt32();
}
