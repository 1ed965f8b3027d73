using System.Net.Http.Json;
using System.Text.Json;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HemoApi.Tests.Jobs;

/// <summary>Processes die at random moments of upload, queueing, inference and writing, one after the other on the same data.</summary>
public sealed class CrashTests
{
    private const string LongTests = "HEMOAPI_LONG_TESTS";

    /// <summary>Chance may kill the same job often, which is no reason here to give it up.</summary>
    private static readonly string[] Settings = ["--Jobs:WatchInterval=00:00:00.5", "--Jobs:MaximumStarts=20"];

    private static int Kills => Environment.GetEnvironmentVariable(LongTests) is "1" ? 200 : 5;

    [Fact]
    public async Task Every_accepted_study_ends_once_with_the_same_result_and_nothing_else_is_left_wherever_its_process_was_killed()
    {
        using var folder = await ServiceFolder.Create(TestModel.Fast());
        var random = new Random(6);
        var accepted = new List<(Guid Study, Guid Job)>();
        for (var death = 0; death < Kills; death++)
        {
            using var service = await ServiceProcess.Start(folder, Settings);
            var answered = new TaskCompletionSource();
            var uploads = UploadUntilDead(service.Client, death, answered);
            if (death % 2 == 0)
            {
                await answered.Task.WaitAsync(TimeSpan.FromSeconds(60));
            }

            await Task.Delay(random.Next(1500));
            service.Kill();
            accepted.AddRange(await uploads);
        }

        Assert.NotEmpty(accepted);
        using var last = await ServiceProcess.Start(folder, Settings);
        var (first, _) = await last.Client.Upload(new HeadStudy { Name = "undisturbed", NoiseHu = 8 }.Zip());
        await Drained(folder);
        var expected = await FoundHead.In(last.Client, first);
        foreach (var (study, job) in accepted)
        {
            Assert.Equal("succeeded", (await last.Client.Job(job)).Status());
            Assert.Equal(expected, await FoundHead.In(last.Client, study));
        }

        await NothingElseIsLeft(folder, accepted.Count + 1);
        TestContext.Current.SendDiagnosticMessage($"{Kills} deaths, {accepted.Count} accepted studies");
    }

    /// <summary>Posts a study after the other, two at once. What the caller saw accepted counts.</summary>
    private static async Task<IEnumerable<(Guid Study, Guid Job)>> UploadUntilDead(HttpClient client, int death, TaskCompletionSource answered)
    {
        var accepted = await Task.WhenAll(Enumerable.Range(0, 2).Select(async caller =>
        {
            var seen = new List<(Guid, Guid)>();
            for (var i = 0; ; i++)
            {
                try
                {
                    using var answer = await client.PostZip(new HeadStudy { Name = $"{death} {caller} {i}", NoiseHu = 8 }.Zip());
                    var document = await answer.Content.ReadFromJsonAsync<JsonElement>();
                    Assert.Equal(202, (int)answer.StatusCode);
                    seen.Add((document.GetProperty("studyId").GetGuid(), document.GetProperty("jobId").GetGuid()));
                    answered.TrySetResult();
                }
                catch (Exception e) when (e is HttpRequestException or IOException)
                {
                    return seen;
                }
            }
        }));
        return accepted.SelectMany(seen => seen);
    }

    private static async Task Drained(ServiceFolder folder)
    {
        using var database = Database(folder);
        var limit = DateTime.UtcNow.AddSeconds(60 + (Kills * 10));
        await using var db = database.OpenAsSystem();
        while (await db.Jobs.AnyAsync(j => j.Status == JobStatus.Queued || j.Status == JobStatus.Running))
        {
            Assert.True(DateTime.UtcNow < limit, "the queue does not drain");
            await Task.Delay(200);
        }
    }

    /// <summary>An upload whose answer the caller did not live to see may be there, but then as whole as the others.</summary>
    private static async Task NothingElseIsLeft(ServiceFolder folder, int atLeast)
    {
        using var database = Database(folder);
        await using var db = database.OpenAsSystem();
        var jobs = await db.Jobs.Include(j => j.Study).Where(j => j.Study!.Status == StudyStatus.Stored).ToListAsync();
        Assert.All(jobs, j => Assert.Equal(JobStatus.Succeeded, j.Status));
        Assert.InRange(jobs.Count, atLeast, int.MaxValue);
        var stored = await db.Studies.CountAsync(s => s.Status == StudyStatus.Stored);
        Assert.Equal(stored, jobs.Select(j => j.StudyId).Distinct().Count());
        Assert.Equal(stored, jobs.Count);

        // On a shared database a young half-stored upload might be another process's: it goes with a sweep some minutes later.
        var pending = await db.Studies.Where(s => s.Status == StudyStatus.Pending).Select(s => BlobKeys.Upload(s.Id)).ToListAsync();
        Assert.True(TestStorage.IsPostgres || pending is []);
        var expected = jobs.SelectMany(j => (string[])[BlobKeys.Upload(j.StudyId), BlobKeys.Document(j.Id), BlobKeys.Mask(j.Id), BlobKeys.Image(j.Id)]);
        Assert.Equal(expected.Order(StringComparer.Ordinal), folder.Blobs().Except(pending));
        Assert.Empty(folder.IncomingLeft());
    }

    private static HemoDatabase Database(ServiceFolder folder) => new(
        Options.Create(new StorageOptions { DataFolder = folder.Path, Postgres = TestStorage.ConnectionString(folder.Path) }), NullLoggerFactory.Instance);
}
