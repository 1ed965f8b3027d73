using System.Text.Json;
using HemoApi.Hosting;
using HemoApi.Storage;
using HemoApi.Tests.Hosting;

namespace HemoApi.Tests.Jobs;

public sealed class JobQueueTests
{
    [Fact]
    public async Task Stat_jobs_go_before_routine_ones_and_each_job_knows_its_place()
    {
        using var work = new GatedWork();
        await using var service = await TestService.Start(work.Run);
        var (client, _, tenant) = await service.Client("a", Scopes.StudiesRead);
        var (_, _, other) = await service.Client("b", Scopes.StudiesRead);
        var blocker = await Enqueue(service, tenant, JobPriority.Routine);
        await client.JobAfter(blocker, "queued");
        var first = await Enqueue(service, other, JobPriority.Routine);
        var second = await Enqueue(service, tenant, JobPriority.Routine);
        var stat = await Enqueue(service, tenant, JobPriority.Stat);

        Assert.Equal(3, (await client.Job(second)).GetProperty("queuePosition").GetInt32());
        Assert.Equal(1, (await client.Job(stat)).GetProperty("queuePosition").GetInt32());
        Assert.False((await client.Job(blocker)).TryGetProperty("queuePosition", out _));
        work.Release(4);
        await client.JobEnded(second);
        Assert.Equal([blocker, stat, first, second], work.Started);
    }

    [Fact]
    public async Task A_job_cancelled_while_queued_never_runs_until_it_is_retried()
    {
        using var work = new GatedWork();
        await using var service = await TestService.Start(work.Run);
        var (client, _, tenant) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        var blocker = await Enqueue(service, tenant, JobPriority.Routine);
        await client.JobAfter(blocker, "queued");
        var cancelled = await Enqueue(service, tenant, JobPriority.Routine);
        var last = await Enqueue(service, tenant, JobPriority.Routine);

        using var answer = await client.PostAsync($"/api/v1/jobs/{cancelled}/cancel", null);
        Assert.Equal(202, (int)answer.StatusCode);
        var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("cancelled", document.Status());
        Assert.False(document.GetProperty("links").TryGetProperty("cancel", out _));
        Assert.Equal(1, (await client.Job(last)).GetProperty("queuePosition").GetInt32());
        work.Release(2);
        await client.JobEnded(last);
        Assert.Equal([blocker, last], work.Started);

        using var retry = await client.PostAsync(document.GetProperty("links").GetProperty("retry").GetString(), null);
        Assert.Equal(202, (int)retry.StatusCode);
        work.Release();
        Assert.Equal("failed", (await client.JobEnded(cancelled)).Status());
        Assert.Equal([blocker, last, cancelled], work.Started);
    }

    [Theory]
    [InlineData(JobStatus.Succeeded, "cancel")]
    [InlineData(JobStatus.Failed, "cancel")]
    [InlineData(JobStatus.Cancelled, "cancel")]
    [InlineData(JobStatus.DeadLettered, "cancel")]
    [InlineData(JobStatus.Queued, "retry")]
    [InlineData(JobStatus.Running, "retry")]
    [InlineData(JobStatus.Succeeded, "retry")]
    public async Task What_a_jobs_state_rules_out_is_refused_and_changes_nothing(JobStatus status, string action)
    {
        await using var service = await TestService.Start();
        var (client, _, tenant) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        var job = await service.AddStudy(tenant, j => j.Status = status);
        var before = await client.GetStringAsync($"/api/v1/jobs/{job.Id}");

        await CallerTests.Refused(await client.PostAsync($"/api/v1/jobs/{job.Id}/{action}", null), 409, "job.state");
        Assert.Equal(before, await client.GetStringAsync($"/api/v1/jobs/{job.Id}"));
        Assert.DoesNotContain($"/{action}", before);
    }

    private static async Task<Guid> Enqueue(TestService service, Tenant tenant, JobPriority priority)
    {
        var job = await service.AddStudy(tenant, priority: priority);
        service.Queue.Enqueue(job.Id, priority);
        return job.Id;
    }
}
