using System.Text.Json;

namespace HemoApi.Tests.Jobs;

/// <summary>Several processes on one database: no job twice, none lost. Needs PostgreSQL.</summary>
public sealed class SharedQueueTests
{
    private static readonly byte[] SlowNetwork = TestModel.Slow(kernel: 41);
    private static readonly string[] Worker = ["--Hosting:Role=worker", "--Jobs:WatchInterval=00:00:02"];
    private static readonly string[] Api = ["--Hosting:Role=api"];

    public SharedQueueTests() => Assert.SkipUnless(TestStorage.IsPostgres, "needs PostgreSQL: .ci/postgres runs a command with a server");

    [Fact]
    public async Task Two_apis_and_two_workers_run_every_study_once()
    {
        using var folder = await ServiceFolder.Create(TestModel.Fast());
        var apis = await Task.WhenAll(ServiceProcess.Start(folder, Api), ServiceProcess.Start(folder, Api));
        var workers = await Task.WhenAll(ServiceProcess.Start(folder, Worker), ServiceProcess.Start(folder, Worker));
        try
        {
            var uploads = await Task.WhenAll(Enumerable.Range(0, 12).Select(i =>
                apis[i % 2].Client.Upload(new HeadStudy { Name = $"study {i}" }.Zip(), i % 3 == 0 ? "?priority=stat" : "")));
            foreach (var (study, job) in uploads)
            {
                var ended = await apis[1].Client.JobEnded(job);
                Assert.Equal(("succeeded", 1), (ended.Status(), ended.GetProperty("attempts").GetInt32()));
                Assert.InRange((await apis[0].Client.Results(study)).GetProperty("totalVolumeMl").GetDouble() / HeadStudy.VolumeMl, 0.97, 1.03);
            }
        }
        finally
        {
            Array.ForEach([.. apis, .. workers], p => p.Dispose());
        }
    }

    [Fact]
    public async Task A_job_whose_worker_was_killed_is_finished_by_another_worker()
    {
        using var folder = await ServiceFolder.Create(SlowNetwork);
        using var api = await ServiceProcess.Start(folder, Api);
        using var doomed = await ServiceProcess.Start(folder, Worker);
        var (study, job) = await api.Client.Upload(new HeadStudy().Zip());
        await Running(api.Client, job);
        doomed.Kill();
        using var other = await ServiceProcess.Start(folder, Worker);

        var ended = await api.Client.JobEnded(job);
        Assert.Equal(("succeeded", 2), (ended.Status(), ended.GetProperty("attempts").GetInt32()));
        Assert.InRange((await api.Client.Results(study)).GetProperty("totalVolumeMl").GetDouble() / HeadStudy.VolumeMl, 0.97, 1.03);
    }

    [Fact]
    public async Task A_worker_that_ends_in_good_order_gives_its_job_to_another_at_once()
    {
        using var folder = await ServiceFolder.Create(SlowNetwork);
        using var api = await ServiceProcess.Start(folder, Api);
        // A watch that never looks: only the handing over can be what helps.
        using var leaving = await ServiceProcess.Start(folder, "--Hosting:Role=worker", "--Jobs:WatchInterval=01:00:00");
        var (_, job) = await api.Client.Upload(new HeadStudy().Zip());
        await Running(api.Client, job);
        await leaving.Stop();
        using var other = await ServiceProcess.Start(folder, "--Hosting:Role=worker", "--Jobs:WatchInterval=01:00:00");

        var ended = await api.Client.JobEnded(job);
        Assert.Equal(("succeeded", 2), (ended.Status(), ended.GetProperty("attempts").GetInt32()));
    }

    private static async Task Running(HttpClient client, Guid job)
    {
        var limit = DateTime.UtcNow.AddSeconds(60);
        JsonElement document;
        do
        {
            document = await client.Job(job);
            Assert.True(DateTime.UtcNow < limit && document.Status() is "queued" or "running", $"the job is {document.Status()}");
        }
        while (document.Status() != "running");
    }
}
