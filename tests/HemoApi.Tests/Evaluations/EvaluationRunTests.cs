using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using HemoApi.Hosting;
using HemoApi.Imaging.Tests.Inference;
using HemoApi.Storage;
using HemoApi.Tests.Hosting;
using HemoApi.Tests.References;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Tests.Evaluations;

/// <summary>What an evaluation may be asked for, and how it runs.</summary>
public sealed class EvaluationRunTests
{
    private static readonly string[] All = [Scopes.StudiesRead, Scopes.StudiesWrite, Scopes.EvaluationsWrite];

    [Fact]
    public async Task What_cannot_be_evaluated_is_refused_by_code_and_leaves_no_row()
    {
        await using var service = await TestService.Start(work: (_, _, _) => throw new InvalidOperationException("no work"));
        var (client, _, tenant) = await service.Client("a", All);
        var (theirs, _, _) = await service.Client("b", All);
        var (reader, _, _) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        var waiting = (await service.AddStudy(tenant)).StudyId;
        var finished = await Finished(service, tenant);
        object Of(Guid study, string reference = "r1") => new { reference, studies = new[] { new { studyId = study } } };

        await CallerTests.Refused(await client.PostEvaluation(new { reference = "r1" }), 400, "request.invalid");
        await CallerTests.Refused(await client.PostEvaluation(new { studies = new[] { new { studyId = finished } } }), 400, "request.invalid");
        await CallerTests.Refused(await client.PostEvaluation(Of(finished, "Dr. Who")), 400, "request.invalid");
        await CallerTests.Refused(await client.PostEvaluation(new { reference = "r1", query = new { hemorrhageType = "SAH" } }), 400, "request.invalid");
        await CallerTests.Refused(await client.PostEvaluation(new { reference = "r1", name = new string('x', 201), query = new { } }), 400, "request.invalid");
        await CallerTests.Refused(await client.PostEvaluation(Of(Guid.NewGuid())), 404, "not_found");
        await CallerTests.Refused(await theirs.PostEvaluation(Of(finished)), 404, "not_found");
        await CallerTests.Refused(await reader.PostEvaluation(Of(finished)), 403, "auth.scope");
        await CallerTests.Refused(await client.PostEvaluation(Of(waiting)), 409, "job.not_ready");
        await CallerTests.Refused(await client.PostEvaluation(Of(finished)), 422, "evaluation.empty");
        await CallerTests.Refused(await client.PostEvaluation(new { reference = "majority", query = new { } }), 422, "evaluation.empty");
        await CallerTests.Refused(await client.PostEvaluation(new { reference = "r1", model = "none", query = new { } }), 422, "model.unknown");
        await CallerTests.Refused(await client.GetAsync("/api/v1/evaluations?limit=0"), 400, "request.invalid");

        Assert.Empty((await client.GetFromJsonAsync<JsonElement>("/api/v1/evaluations")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task An_evaluation_belongs_to_its_tenant_and_goes_with_its_files()
    {
        await using var service = await TestService.Start();
        var (client, _, _) = await service.Client("a", All);
        var (theirs, _, _) = await service.Client("b", All);
        var study = await client.Finished(new HeadStudy());
        await client.AddReference(study, ReferenceCalls.Drawn(), "?reader=r1");
        var evaluation = await client.Evaluate(new { reference = "r1", query = new { } });
        var self = evaluation.Link("self");
        string[] paths = [self, $"{self}/results", $"{self}/cases.csv", $"{self}/statistics.csv", $"{self}/report.html", $"{self}/plots/scatter-ich.svg"];

        Assert.Equal(1, evaluation.GetProperty("studyCount").GetInt32());
        Assert.Equal(self, Assert.Single((await client.GetFromJsonAsync<JsonElement>("/api/v1/evaluations")).GetProperty("items").EnumerateArray()).Link("self"));
        Assert.Empty((await theirs.GetFromJsonAsync<JsonElement>("/api/v1/evaluations")).GetProperty("items").EnumerateArray());
        foreach (var path in paths)
        {
            Assert.True((await client.GetAsync(path)).IsSuccessStatusCode, path);
            await CallerTests.Refused(await theirs.GetAsync(path), 404, "not_found");
        }

        await CallerTests.Refused(await client.GetAsync($"{self}/plots/scatter-sdh.svg"), 404, "not_found");
        await CallerTests.Refused(await theirs.DeleteAsync(self), 404, "not_found");
        Assert.Equal(204, (int)(await client.DeleteAsync(self)).StatusCode);
        foreach (var path in paths)
        {
            await CallerTests.Refused(await client.GetAsync(path), 404, "not_found");
        }

        Assert.DoesNotContain(TestStorage.Blobs(service.Folder), blob => blob.StartsWith("evaluations/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_evaluation_that_says_running_while_no_one_runs_it_runs_again()
    {
        await using var service = await TestService.Start(settings: ["--Jobs:WatchInterval=00:00:00.3"]);
        var (client, _, _) = await service.Client("a", All);
        var study = await client.Finished(new HeadStudy());
        await client.AddReference(study, ReferenceCalls.Drawn(), "?reader=r1");
        var self = (await client.Evaluate(new { reference = "r1", studies = new[] { new { studyId = study } } })).Link("self");
        await using (var db = service.Database.OpenAsSystem())
        {
            // As its process leaves it where it is killed.
            await db.Evaluations.ExecuteUpdateAsync(set => set
                .SetProperty(e => e.Status, JobStatus.Running).SetProperty(e => e.StartsWithoutEnd, 1).SetProperty(e => e.FinishedAt, (DateTimeOffset?)null));
        }

        Assert.Equal("succeeded", (await client.EvaluationEnded(self)).Status());
        await using var after = service.Database.OpenAsSystem();
        Assert.Equal(2, (await after.Evaluations.SingleAsync()).Attempts);
        Assert.True((await client.GetAsync($"{self}/results")).IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_study_without_the_reference_is_left_out_with_the_reason()
    {
        await using var service = await TestService.Start();
        var (client, _, _) = await service.Client("a", All);
        var (with, without) = (await client.Finished(new HeadStudy()), await client.Finished(new HeadStudy { Name = "other" }));
        await client.AddReference(with, ReferenceCalls.Drawn(), "?reader=r1");

        var evaluation = await client.Evaluate(new { reference = "r1", studies = new[] { new { studyId = without }, new { studyId = with } } });
        var results = await client.GetFromJsonAsync<JsonElement>(evaluation.Link("results"));

        Assert.Equal(with, Assert.Single(results.GetProperty("cases").EnumerateArray()).GetProperty("studyId").GetGuid());
        var left = Assert.Single(results.GetProperty("leftOut").EnumerateArray());
        Assert.Equal((without, "evaluation.empty"), (left.GetProperty("studyId").GetGuid(), left.GetProperty("code").GetString()));
        Assert.Equal(1, results.GetProperty("cases")[0].GetProperty("types")[0].GetProperty("dice").GetDouble(), 1e-12);
    }

    [Fact]
    public async Task Curves_by_probability_are_not_computed_from_results_that_were_stored_before_it()
    {
        await using var service = await TestService.Start();
        var (client, _, _) = await service.Client("a", All);
        foreach (var (name, scale) in new[] { ("0", 1.0), ("1", 0.8), ("2", 0), ("3", 0) })
        {
            var study = await client.Finished(new HeadStudy { Name = name, BloodScale = scale });
            await client.AddReference(study, scale > 0 ? ReferenceCalls.Drawn(scale) : ReferenceCalls.Nothing(), "?reader=r1");
        }

        var (with, first) = await Evaluated();
        await using (var db = service.Database.OpenAsSystem())
        {
            // As a version before it wrote them.
            var key = BlobKeys.Document((await db.Results.OrderBy(r => r.ReceivedAt).FirstAsync()).JobId);
            var document = JsonNode.Parse(await new StreamReader(await service.Blobs.OpenExisting(key, default)).ReadToEndAsync())!;
            Assert.True(document["lesions"]![0]!.AsObject().Remove("maximumProbability"));
            await service.Blobs.Put(key, (stream, ct) => JsonSerializer.SerializeAsync(stream, document, cancellationToken: ct), default);
        }

        var (without, second) = await Evaluated();

        Assert.Equal((1, 1), (with.GetProperty("roc").GetProperty("auc").GetDouble(), with.GetProperty("rocByProbability").GetProperty("auc").GetDouble()));
        Assert.Equal(first[0], with.GetProperty("frocByProbability").GetProperty("points")[0].GetProperty("threshold").GetDouble(), 1e-12);
        Assert.Equal([true, true, false, false], first.Select(double.IsFinite));
        Assert.Equal([false, true, false, false], second.Select(double.IsFinite));
        Assert.Equal(1, without.GetProperty("roc").GetProperty("auc").GetDouble());
        foreach (var curve in (string[])["rocByProbability", "frocByProbability"])
        {
            Assert.False(without.TryGetProperty(curve, out _));
            Assert.Contains("of 1 of the model's 2 lesions is not known", without.GetProperty("notComputed").GetProperty(curve).GetString());
        }

        async Task<(JsonElement Detection, List<double> Probabilities)> Evaluated()
        {
            var evaluation = await client.Evaluate(new { reference = "r1", query = new { } });
            var results = await client.GetFromJsonAsync<JsonElement>(evaluation.Link("results"));
            return (
                results.GetProperty("groups")[0].GetProperty("statistics").GetProperty("types")[0].GetProperty("detection"),
                [.. results.GetProperty("cases").EnumerateArray().Select(c => c.GetProperty("types")[0].TryGetProperty("maximumProbability", out var p) ? p.GetDouble() : double.NaN)]);
        }
    }

    [Fact]
    public async Task Two_models_are_compared_case_by_case_and_the_most_changed_come_first()
    {
        var folder = await ServiceFolder.Create(TestModel.Fast());
        TestModel.Write(folder.Path, TinyNetwork.IchFrom(72.5), "twin");
        await using var service = await TestService.Start(folder: folder.Path);
        var (client, _, _) = await service.Client("a", All);
        var studies = new List<Guid>();
        foreach (var scale in (double[])[0.7, 1.1, 0.9])
        {
            studies.Add(await client.Finished(new HeadStudy { Name = $"{scale}", BloodScale = scale, NoiseHu = 6 }));
            await client.AddReference(studies[^1], ReferenceCalls.Drawn(scale));
        }

        var evaluation = await client.Evaluate(new { reference = "reference", otherModel = "twin", query = new { } });
        var results = await client.GetFromJsonAsync<JsonElement>(evaluation.Link("results"));

        Assert.Equal("twin", results.GetProperty("otherModel").GetProperty("id").GetString());
        var changed = results.GetProperty("mostChanged").EnumerateArray().ToList();
        Assert.Equal([studies[1], studies[2], studies[0]], changed.Select(c => c.GetProperty("studyId").GetGuid()));
        var ich = results.GetProperty("groups")[0].GetProperty("models")[0];
        Assert.Equal(changed.Average(c => c.GetProperty("changeMl").GetDouble()), ich.GetProperty("volume").GetProperty("difference").GetProperty("mean").GetDouble(), 1e-9);
        Assert.All(changed, c => Assert.InRange(c.GetProperty("secondMl").GetDouble() / c.GetProperty("firstMl").GetDouble(), 0.3, 0.7));

        // Three differences of one sign: 2 of the 8 ways to give them signs are as far out.
        Assert.Equal(0.25, ich.GetProperty("dice").GetProperty("wilcoxon").GetProperty("p").GetDouble(), 1e-12);
    }

    [Fact]
    public async Task One_that_was_interrupted_starts_again_and_one_that_kills_its_process_is_dead_lettered()
    {
        var service = await TestService.Start();
        var (client, _, tenant) = await service.Client("a", All);
        var study = await client.Finished(new HeadStudy());
        await client.AddReference(study, ReferenceCalls.Drawn(), "?reader=r1");
        var (interrupted, deadly, waiting) = (Row(tenant, study, JobStatus.Running, 1), Row(tenant, study, JobStatus.Running, 3), Row(tenant, study, JobStatus.Queued, 0));
        await using (var db = service.Database.OpenAsSystem())
        {
            db.AddRange(interrupted, deadly, waiting);
            await db.SaveChangesAsync();
        }

        await CallerTests.Refused(await client.GetAsync($"/api/v1/evaluations/{waiting.Id}/results"), 409, "evaluation.not_ready");
        var key = client.DefaultRequestHeaders.GetValues("X-Api-Key").Single();
        await using var again = await TestService.Start(folder: await service.Stop());
        again.Anonymous.DefaultRequestHeaders.Add("X-Api-Key", key);

        var ended = await again.Anonymous.EvaluationEnded($"/api/v1/evaluations/{interrupted.Id}");
        Assert.Equal(("succeeded", 2), (ended.Status(), ended.GetProperty("attempts").GetInt32()));
        Assert.Equal("succeeded", (await again.Anonymous.EvaluationEnded($"/api/v1/evaluations/{waiting.Id}")).Status());
        var dead = await again.Anonymous.EvaluationEnded($"/api/v1/evaluations/{deadly.Id}");
        Assert.Equal(("deadLettered", "job.dead_lettered"), (dead.Status(), dead.GetProperty("error").GetProperty("code").GetString()));
        await CallerTests.Refused(await again.Anonymous.GetAsync($"/api/v1/evaluations/{deadly.Id}/report.html"), 409, "evaluation.not_ready");
    }

    private static Evaluation Row(Tenant tenant, Guid study, JobStatus status, int starts) => new()
    {
        TenantId = tenant.Id,
        Name = null,
        Reference = "r1",
        ModelId = null,
        OtherModelId = null,
        Cases = [new CohortCase(study)],
        Status = status,
        Attempts = starts,
        StartsWithoutEnd = starts,
        CreatedAt = DateTimeOffset.UtcNow,
    };

    /// <summary>A study with a row of results alone.</summary>
    private static async Task<Guid> Finished(TestService service, Tenant tenant)
    {
        var job = await service.AddStudy(tenant, j => j.Status = JobStatus.Succeeded);
        await using var db = service.Database.OpenAsSystem();
        db.Add(new StudyResult { JobId = job.Id, TenantId = tenant.Id, StudyId = job.StudyId, Status = ResultStatus.Complete, CompletedAt = DateTimeOffset.UtcNow });
        await db.SaveChangesAsync();
        return job.StudyId;
    }
}
