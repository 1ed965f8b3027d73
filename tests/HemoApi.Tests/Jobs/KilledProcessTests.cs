using System.Text.Json;

namespace HemoApi.Tests.Jobs;

/// <summary>The built service in a process of its own dies by SIGKILL; what it had accepted comes to its end after the next start.</summary>
public sealed class KilledProcessTests
{
    /// <summary>The small head takes long enough to be killed on a fast machine too.</summary>
    private static readonly byte[] SlowNetwork = TestModel.Slow(kernel: 41);

    /// <summary>A queue on a server outlives the process: there the watch finds what it left, after two looks.</summary>
    private static readonly string[] Watchful = ["--Jobs:WatchInterval=00:00:02"];

    [Fact]
    public async Task Jobs_that_were_running_and_queued_when_the_process_was_killed_give_the_results_of_an_undisturbed_run()
    {
        using var folder = await ServiceFolder.Create(SlowNetwork);
        using var before = await ServiceProcess.Start(folder, Watchful);
        var undisturbed = await before.Client.Upload(new HeadStudy { Name = "undisturbed" }.Zip());
        Assert.Equal("succeeded", (await before.Client.JobEnded(undisturbed.Job)).Status());
        var running = await before.Client.Upload(new HeadStudy { Name = "running" }.Zip());
        var queued = await before.Client.Upload(new HeadStudy { Name = "queued" }.Zip());
        Assert.Equal("running", (await Started(before.Client, running.Job, attempt: 1)).Status());
        Assert.Equal("queued", (await before.Client.Job(queued.Job)).Status());
        before.Kill();

        using var after = await ServiceProcess.Start(folder, Watchful);
        var expected = await FoundHead.In(after.Client, undisturbed.Study);
        foreach (var (study, attempts) in new[] { (running, 2), (queued, 1) })
        {
            var job = await after.Client.JobEnded(study.Job);
            Assert.Equal("succeeded", job.Status());
            Assert.Equal(attempts, job.GetProperty("attempts").GetInt32());
            Assert.Equal(expected, await FoundHead.In(after.Client, study.Study));
        }
    }

    [Fact]
    public async Task A_job_that_was_writing_its_results_when_the_process_was_killed_writes_them_anew_and_leaves_no_part_of_the_old()
    {
        using var folder = await ServiceFolder.Create(TestModel.Fast());
        var study = default((Guid Study, Guid Job));
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            using var before = await ServiceProcess.Start(folder, Watchful);
            study = await before.Client.Upload(new HeadStudy { Name = $"attempt {attempt}", NoiseHu = 8 }.Zip());
            var results = Path.Combine(folder.Path, "blobs", "results", study.Job.ToString());
            SpinWait.SpinUntil(
                () => TestStorage.IsAzure ? folder.Blobs().Any(b => b.StartsWith("results/", StringComparison.Ordinal)) : Directory.Exists(results),
                TimeSpan.FromSeconds(30));
            before.Kill();
            if (!folder.Blobs().Contains($"results/{study.Job}/results.json"))
            {
                break;
            }

            Assert.True(attempt < 5, "the process was never killed in time");
        }

        using var after = await ServiceProcess.Start(folder, Watchful);
        var job = await after.Client.JobEnded(study.Job);
        Assert.Equal("succeeded", job.Status());
        Assert.Equal(2, job.GetProperty("attempts").GetInt32());
        Assert.InRange((await after.Client.Results(study.Study)).GetProperty("totalVolumeMl").GetDouble() / HeadStudy.VolumeMl, 0.97, 1.03);
        Assert.Equal(
            [$"results/{study.Job}/image.nii.gz", $"results/{study.Job}/mask.nii.gz", $"results/{study.Job}/results.json", $"studies/{study.Study}/upload.zip"],
            folder.Blobs().Where(b => b.Contains(study.Job.ToString()) || b.Contains(study.Study.ToString())));
    }

    [Fact]
    public async Task A_study_that_kills_its_process_three_times_is_dead_lettered_and_a_retry_revives_it()
    {
        using var folder = await ServiceFolder.Create(SlowNetwork);
        var study = default((Guid Study, Guid Job));
        for (var death = 1; death <= 3; death++)
        {
            using var doomed = await ServiceProcess.Start(folder, Watchful);
            study = death == 1 ? await doomed.Client.Upload(new HeadStudy().Zip()) : study;
            var job = await Started(doomed.Client, study.Job, death);
            Assert.Equal(("running", death), (job.Status(), job.GetProperty("attempts").GetInt32()));
            doomed.Kill();
        }

        using var service = await ServiceProcess.Start(folder, Watchful);
        var dead = await service.Client.JobEnded(study.Job);
        Assert.Equal("deadLettered", dead.Status());
        Assert.Equal("job.dead_lettered", dead.GetProperty("error").GetProperty("code").GetString());
        using var retried = await service.Client.PostAsync($"/api/v1/jobs/{study.Job}/retry", null);
        Assert.Equal(202, (int)retried.StatusCode);
        var revived = await service.Client.JobEnded(study.Job);
        Assert.Equal(("succeeded", 4), (revived.Status(), revived.GetProperty("attempts").GetInt32()));
        Assert.False(revived.TryGetProperty("error", out _));
    }

    /// <summary>The job as soon as it runs for that time; asks without waiting, because a wait could outlast the run.</summary>
    private static async Task<JsonElement> Started(HttpClient client, Guid job, int attempt)
    {
        var limit = DateTime.UtcNow.AddSeconds(60);
        var document = await client.Job(job);
        while (document.Status() == "queued" || document.GetProperty("attempts").GetInt32() < attempt)
        {
            Assert.True(DateTime.UtcNow < limit, $"the job is {document.Status()} after {document.GetProperty("attempts")} starts");
            document = await client.Job(job);
        }

        return document;
    }
}
