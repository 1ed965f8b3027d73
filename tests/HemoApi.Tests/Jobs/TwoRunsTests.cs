using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Jobs;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace HemoApi.Tests.Jobs;

/// <summary>Two runs of one job: the first was taken for dead while it still worked, as a process that stood still for a minute.</summary>
public sealed class TwoRunsTests
{
    private static readonly Fault Fault = new(FaultCodes.SeriesNotCt, "Not CT.", "Send CT.");

    [Fact]
    public async Task A_run_that_lost_its_job_can_neither_end_it_nor_speak_for_it()
    {
        await using var service = await TestService.Start(work: (_, _, _) => throw new InvalidOperationException("no work"));
        var (_, _, tenant) = await service.Client("a", Scopes.StudiesRead);
        var job = await service.AddStudy(tenant);
        var transitions = service.Services.GetRequiredService<JobTransitions>();
        var old = (await transitions.Start(job.Id))!.Value;
        Assert.True(await transitions.QueueAgain(old));
        var present = (await transitions.Start(job.Id))!.Value;
        Assert.Equal((1, 2), (old.Attempt, present.Attempt));

        Assert.False(await transitions.Fail(old, Fault));
        Assert.False(await transitions.Cancel(old));
        Assert.False(await transitions.GiveBack(old));
        Assert.False(await transitions.QueueAgain(old));
        Assert.False(await transitions.Progress(old, new PipelineProgress(Stages.Store, 0.9)));
        Assert.True(await transitions.IsTakenOver(old));
        var before = await Row(service, job.Id);
        await transitions.SignOfLife(old);
        Assert.Equal((JobStatus.Running, 0.0, before.SeenAt), ((await Row(service, job.Id)) is var now ? now.Status : default, now.Progress, now.SeenAt));

        Assert.False(await transitions.IsTakenOver(present));
        Assert.True(await transitions.Progress(present, new PipelineProgress(Stages.Network, 0.5)));
        Assert.True(await transitions.Fail(present, Fault));
        Assert.Equal(JobStatus.Failed, (await Row(service, job.Id)).Status);
    }

    [Fact]
    public async Task What_the_later_run_found_stays_when_the_earlier_one_comes_to_its_end()
    {
        // The first start of the job stands still at its first stage until the second one has ended.
        using var gate = new ManualResetEventSlim();
        var starts = 0;
        await using var service = await TestService.Start(
            settings: ["--Jobs:Workers=2"],
            adjust: builder => builder.Services.AddSingleton<SegmentStudy>(services => (jobId, progress, cancellationToken) =>
            {
                if (Interlocked.Increment(ref starts) == 1)
                {
                    gate.Wait(TimeSpan.FromSeconds(60));
                }

                return services.GetRequiredService<HemoApi.Results.StudySegmenter>().Run(jobId, progress, cancellationToken);
            }));
        var (client, _, _) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        var (study, job) = await client.Upload(new HeadStudy().Zip());
        await client.JobAfter(job, "queued");
        var transitions = service.Services.GetRequiredService<JobTransitions>();
        Assert.True(await transitions.QueueAgain(new Claim(job, 1)));

        // As in another process: this one knows that the job runs here.
        var elsewhere = ActivatorUtilities.CreateInstance<SegmentStudyJob>(service.Services, new RunningJobs(TimeProvider.System));
        await elsewhere.Run(job, CancellationToken.None);
        Assert.Equal("succeeded", (await client.Job(job)).Status());
        var found = await FoundHead.In(client, study);
        gate.Set();
        await WaitUntil(() => !service.Services.GetRequiredService<RunningJobs>().Contains(job));

        Assert.Equal(("succeeded", 2), ((await client.Job(job)).Status(), starts));
        Assert.Equal(found, await FoundHead.In(client, study));
        Assert.Equal(2, (await Row(service, job)).Attempts);
    }

    private static async Task<Job> Row(TestService service, Guid id)
    {
        await using var db = service.Database.OpenAsSystem();
        return await db.Jobs.AsNoTracking().SingleAsync(j => j.Id == id);
    }

    private static async Task WaitUntil(Func<bool> condition)
    {
        var limit = DateTime.UtcNow.AddSeconds(60);
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < limit);
            await Task.Delay(50);
        }
    }
}
