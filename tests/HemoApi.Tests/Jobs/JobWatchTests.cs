using Hangfire;
using Hangfire.States;
using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace HemoApi.Tests.Jobs;

/// <summary>An accepted job comes to its end although handing it over or writing its end failed.</summary>
public sealed class JobWatchTests
{
    private static readonly string[] Watchful = ["--Jobs:WatchInterval=00:00:00.3"];

    [Fact]
    public async Task An_upload_whose_job_could_not_be_handed_over_is_accepted_and_measured_later()
    {
        await using var service = await TestService.Start(settings: Watchful, adjust: builder =>
            builder.Services.AddSingleton<IBackgroundJobClient>(s => new FailsOnce(new BackgroundJobClient(s.GetRequiredService<JobStorage>()))));
        var (client, _, _) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);

        var (_, job) = await client.Upload(new HeadStudy().Zip());
        Assert.Equal("succeeded", (await client.JobEnded(job)).Status());
    }

    [Fact]
    public async Task A_job_that_says_running_while_no_one_runs_it_runs_again()
    {
        using var work = new GatedWork();
        work.Release();
        await using var service = await TestService.Start(work.Run, settings: Watchful);
        var (client, _, tenant) = await service.Client("a", Scopes.StudiesRead);
        var job = await service.AddStudy(tenant, j => (j.Status, j.Attempts, j.StartsWithoutEnd) = (JobStatus.Running, 1, 1));

        var ended = await client.JobEnded(job.Id);
        Assert.Equal((FaultCodes.SeriesNotCt, 2), (ended.GetProperty("error").GetProperty("code").GetString(), ended.GetProperty("attempts").GetInt32()));
    }

    [Fact]
    public async Task Jobs_that_run_or_wait_their_turn_are_left_alone()
    {
        using var work = new GatedWork();
        await using var service = await TestService.Start(work.Run, settings: Watchful);
        var (client, _, tenant) = await service.Client("a", Scopes.StudiesRead);
        var (running, waiting) = (await service.AddStudy(tenant), await service.AddStudy(tenant));
        service.Queue.Enqueue(running.Id, running.Priority);
        service.Queue.Enqueue(waiting.Id, waiting.Priority);
        await client.JobAfter(running.Id, "queued");
        await Task.Delay(1500);

        work.Release(2);
        Assert.Equal(1, (await client.JobEnded(running.Id)).GetProperty("attempts").GetInt32());
        Assert.Equal(1, (await client.JobEnded(waiting.Id)).GetProperty("attempts").GetInt32());
        Assert.Equal([running.Id, waiting.Id], work.Started);
    }

    private sealed class FailsOnce(IBackgroundJobClient real) : IBackgroundJobClient
    {
        private int _calls;

        public string Create(Hangfire.Common.Job job, IState state) =>
            Interlocked.Increment(ref _calls) == 1 ? throw new BackgroundJobClientException("away", new IOException()) : real.Create(job, state);

        public bool ChangeState(string jobId, IState state, string expectedState) => real.ChangeState(jobId, state, expectedState);
    }
}
