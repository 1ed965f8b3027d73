using System.Diagnostics;
using HemoApi.Hosting;
using HemoApi.Jobs;
using HemoApi.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace HemoApi.Tests.Jobs;

public sealed class JobWaitTests
{
    [Fact]
    public async Task A_long_poll_answers_as_soon_as_the_status_changes()
    {
        using var work = new GatedWork();
        await using var service = await TestService.Start(work.Run);
        var (client, _, tenant) = await service.Client("a", Scopes.StudiesRead);
        var job = await service.AddStudy(tenant);
        var queued = client.Job(job.Id, waitSeconds: 60);
        await IsHeld(service, job.Id);

        var clock = Stopwatch.StartNew();
        service.Queue.Enqueue(job.Id, job.Priority);
        Assert.Equal("running", (await queued).Status());
        var running = client.Job(job.Id, waitSeconds: 60);
        await IsHeld(service, job.Id);
        work.Release();
        Assert.Equal("failed", (await running).Status());
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 30);
    }

    [Fact]
    public async Task A_long_poll_gives_up_after_its_time_with_the_state_as_it_is()
    {
        await using var service = await TestService.Start();
        var (client, _, tenant) = await service.Client("a", Scopes.StudiesRead);
        var job = await service.AddStudy(tenant);

        var clock = Stopwatch.StartNew();
        Assert.Equal("queued", (await client.Job(job.Id, waitSeconds: 1)).Status());
        Assert.InRange(clock.Elapsed.TotalSeconds, 0.95, 20);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("61")]
    [InlineData("soon")]
    public async Task A_wait_outside_of_0_to_60_seconds_is_refused(string seconds)
    {
        await using var service = await TestService.Start();
        var (client, _, tenant) = await service.Client("a", Scopes.StudiesRead);
        var job = await service.AddStudy(tenant);

        await CallerTests.Refused(await client.GetAsync($"/api/v1/jobs/{job.Id}?waitSeconds={seconds}"), 400, "request.invalid");
    }

    /// <summary>Only once the service has read the job and waits can a change be one that it waited for.</summary>
    private static async Task IsHeld(TestService service, Guid jobId)
    {
        var signals = service.Services.GetRequiredService<JobSignals>();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (signals.Waiting(jobId) == 0)
        {
            await Task.Delay(5, patience.Token);
        }
    }
}
