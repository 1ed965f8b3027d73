using System.Net.Http.Json;
using System.Text.Json;
using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Imaging.Tests;
using HemoApi.Imaging.Tests.Inference;
using HemoApi.Jobs;
using HemoApi.Models;
using HemoApi.Shadow;
using HemoApi.Storage;
using HemoApi.Tests.Hosting;
using HemoApi.Tests.References;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace HemoApi.Tests.Shadow;

/// <summary>A second model beside the first. The heads have noise of 6 HU around 72, so a model that calls blood from 72.5 HU on finds
/// about half of what one finds that begins at 60.5.</summary>
public sealed class ShadowTests
{
    private const string List = "/api/v1/shadow-runs";
    private static readonly string[] All = [Scopes.StudiesRead, Scopes.StudiesWrite, Scopes.EvaluationsWrite];

    [Fact]
    public async Task Studies_are_measured_by_a_second_model_and_those_that_differ_most_come_first()
    {
        await using var service = await WithShadow(TinyNetwork.IchFrom(72.5));
        var (client, _, _) = await service.Client("a", All);
        var (theirs, _, _) = await service.Client("b", All);
        var studies = new List<Guid>();
        foreach (var scale in (double[])[0.7, 1.1, 0.9])
        {
            studies.Add(await client.Finished(Head(scale)));
        }

        var runs = await Ended(service, 3);
        var (first, next) = await Page(client, "?limit=2");
        var (rest, end) = await Page(client, $"?limit=2&cursor={next}");

        Assert.All(runs, r => Assert.Equal(JobStatus.Succeeded, r.Status));
        Assert.Equal([studies[1], studies[2], studies[0]], first.Concat(rest).Select(r => r.GetProperty("studyId").GetGuid()));
        Assert.Null(end);
        Assert.Empty((await Page(theirs)).Items);
        Assert.Empty((await Page(client, "?model=tiny")).Items);
        foreach (var run in first.Concat(rest))
        {
            // A model that finds less of the same blood: its Dice follows from the two volumes.
            var ich = run.GetProperty("volumes")[0];
            var (ml, shadowMl) = (ich.GetProperty("volumeMl").GetDouble(), ich.GetProperty("shadowVolumeMl").GetDouble());
            var results = await client.Results(run.GetProperty("studyId").GetGuid());
            Assert.Equal("tiny", results.GetProperty("model").GetProperty("id").GetString());
            Assert.Equal(ml, results.GetProperty("volumes")[0].GetProperty("volumeMl").GetDouble(), 1e-9);
            Assert.InRange(shadowMl / ml, 0.3, 0.7);
            Assert.Equal(2 * shadowMl / (ml + shadowMl), ich.GetProperty("dice").GetDouble(), 1e-9);
            Assert.Equal(ml - shadowMl, run.GetProperty("differentMl").GetDouble(), 1e-9);
            Assert.Equal("twin", run.GetProperty("model").GetProperty("id").GetString());
        }

        var csv = (await client.GetStringAsync($"{List}/export.csv")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1 + (3 * 3), csv.Length);
        Assert.Equal([.. Enumerable.Repeat(studies[1].ToString(), 3), .. Enumerable.Repeat(studies[2].ToString(), 3), .. Enumerable.Repeat(studies[0].ToString(), 3)], csv.Skip(1).Select(line => line.Split(',')[0]));
    }

    [Fact]
    public async Task The_mask_and_document_of_a_study_are_those_of_its_own_model_alone()
    {
        await using var shadowed = await WithShadow(TinyNetwork.IchFrom(72.5));
        await using var plain = await TestService.Start();
        var (client, _, _) = await shadowed.Client("a", All);
        var (other, _, _) = await plain.Client("a", All);
        var study = await client.Finished(Head(1));
        await Ended(shadowed, 1);
        var twin = await other.Finished(Head(1));

        Assert.Equal(
            await other.GetByteArrayAsync($"/api/v1/studies/{twin}/results/mask.nii.gz"),
            await client.GetByteArrayAsync($"/api/v1/studies/{study}/results/mask.nii.gz"));
        Assert.DoesNotContain("twin", await client.GetStringAsync($"/api/v1/studies/{study}/results"));
        Assert.DoesNotContain("twin", await client.GetStringAsync("/api/v1/analytics/results"));
        Assert.Equal(TestStorage.Blobs(plain.Folder).Length, TestStorage.Blobs(shadowed.Folder).Length);
    }

    [Fact]
    public async Task A_shadow_model_that_fails_is_counted_by_its_code_and_the_job_succeeds()
    {
        await using var service = await WithShadow(TinyNetwork.NotANumberInBone());
        var (client, _, _) = await service.Client("a", All);
        var (admin, _, _) = await service.Client("a", Scopes.Admin);
        var study = await client.Finished(Head(1));

        var run = Assert.Single(await Ended(service, 1));
        Assert.Equal((JobStatus.Failed, FaultCodes.InferenceInvalidOutput), (run.Status, run.ErrorCode));
        Assert.True((await client.Results(study)).GetProperty("hemorrhageDetected").GetBoolean());
        Assert.Empty((await Page(client)).Items);
        Assert.Contains(
            (await admin.GetStringAsync("/metrics")).Split('\n'),
            line => line.StartsWith("hemoapi_shadow_ended", StringComparison.Ordinal) && line.Contains($"code=\"{FaultCodes.InferenceInvalidOutput}\""));
    }

    [Fact]
    public async Task A_deleted_study_takes_its_shadow_along()
    {
        await using var service = await WithShadow(TinyNetwork.IchFrom(72.5));
        var (client, _, _) = await service.Client("a", All);
        var study = await client.Finished(Head(1));
        await Ended(service, 1);

        Assert.Equal(204, (int)(await client.DeleteAsync($"/api/v1/studies/{study}")).StatusCode);
        Assert.Empty((await Page(client)).Items);
        await using var db = service.Database.OpenAsSystem();
        Assert.Empty(db.ShadowRuns);
    }

    [Fact]
    public async Task A_shadow_stands_still_while_a_study_is_measured()
    {
        await using var service = await WithShadow(TinyNetwork.IchFrom(72.5));
        var (client, _, _) = await service.Client("a", All);
        var busy = service.Services.GetRequiredService<ForegroundJobs>().Enter();
        await client.Finished(Head(1));
        await Task.Delay(1000);
        await using (var db = service.Database.OpenAsSystem())
        {
            Assert.Equal(JobStatus.Queued, db.ShadowRuns.Single().Status);
        }

        busy.Dispose();
        Assert.Equal(JobStatus.Succeeded, Assert.Single(await Ended(service, 1)).Status);
    }

    [Fact]
    public async Task A_shadow_run_that_its_process_left_behind_runs_again()
    {
        await using var service = await WithShadow(TinyNetwork.IchFrom(72.5), "--Jobs:WatchInterval=00:00:00.3");
        var (client, _, _) = await service.Client("a", All);
        await client.Finished(Head(1));
        await Ended(service, 1);
        await using (var db = service.Database.OpenAsSystem())
        {
            await db.ShadowRuns.ExecuteUpdateAsync(set => set.SetProperty(r => r.Status, JobStatus.Running).SetProperty(r => r.StartsWithoutEnd, 1));
        }

        Assert.Equal((JobStatus.Succeeded, 2), Assert.Single((await Ended(service, 1)).Select(r => (r.Status, r.Attempts))));
    }

    [Fact]
    public void The_share_of_jobs_that_are_sampled_is_the_one_asked_for()
    {
        var jobs = Enumerable.Range(0, 20_000).Select(_ => Guid.CreateVersion7()).ToList();

        Assert.DoesNotContain(jobs, j => ShadowSampling.IsSampled(j, 0));
        Assert.All(jobs, j => Assert.True(ShadowSampling.IsSampled(j, 1)));
        // Six standard deviations of a binomial share.
        Assert.InRange(jobs.Count(j => ShadowSampling.IsSampled(j, 0.25)) / 20_000.0, 0.25 - 0.0184, 0.25 + 0.0184);
    }

    [Fact]
    public async Task Shadow_runs_are_for_those_who_evaluate_and_wrong_parameters_are_refused()
    {
        await using var service = await TestService.Start();
        var (reader, _, _) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        var (client, _, _) = await service.Client("a", All);

        await CallerTests.Refused(await reader.GetAsync(List), 403, "auth.scope");
        await CallerTests.Refused(await reader.GetAsync($"{List}/export.csv"), 403, "auth.scope");
        await CallerTests.Refused(await client.GetAsync($"{List}?limit=0"), 400, "request.invalid");
        await CallerTests.Refused(await client.GetAsync($"{List}?cursor=x"), 400, "request.invalid");
        Assert.Empty((await Page(client)).Items);
    }

    [Fact]
    public async Task A_service_without_its_shadow_model_does_not_start_and_says_so()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => TestService.Start(settings: ["--Models:Shadow=none"]));
        Assert.Contains(FaultCodes.ModelUnknown, refusal.Message);
        Assert.Contains("Models:Shadow", refusal.Message);
    }

    private static HeadStudy Head(double scale) => new() { Name = FormattableString.Invariant($"{scale}"), BloodScale = scale, NoiseHu = 6 };

    private static async Task<TestService> WithShadow(byte[] network, params string[] settings)
    {
        var folder = await ServiceFolder.Create(TestModel.Fast());
        TestModel.Write(folder.Path, network, "twin");
        return await TestService.Start(folder: folder.Path, settings: ["--Models:Shadow=twin", .. settings]);
    }

    private static async Task<(List<JsonElement> Items, string? Next)> Page(HttpClient client, string query = "")
    {
        var page = await client.GetFromJsonAsync<JsonElement>(List + query);
        return ([.. page.GetProperty("items").EnumerateArray()], page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null);
    }

    /// <summary>The runs once that many have ended and none is on its way.</summary>
    private static async Task<List<ShadowRun>> Ended(TestService service, int count)
    {
        var limit = DateTime.UtcNow.AddSeconds(60);
        while (true)
        {
            await using var db = service.Database.OpenAsSystem();
            var runs = await db.ShadowRuns.AsNoTracking().ToListAsync();
            if (runs.Count == count && runs.TrueForAll(r => r.Status is not (JobStatus.Queued or JobStatus.Running)))
            {
                return runs;
            }

            Assert.True(DateTime.UtcNow < limit, string.Join(' ', runs.Select(r => $"{r.Status} {r.ErrorCode}")));
            await Task.Delay(50);
        }
    }
}
