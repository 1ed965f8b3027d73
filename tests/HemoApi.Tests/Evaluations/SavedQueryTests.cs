using System.Net.Http.Json;
using System.Text.Json;
using HemoApi.Hosting;
using HemoApi.Storage;
using HemoApi.Tests.Analytics;
using HemoApi.Tests.Hosting;
using HemoApi.Tests.References;

namespace HemoApi.Tests.Evaluations;

/// <summary>Filters under a name, for the analytics and as cohorts.</summary>
public sealed class SavedQueryTests
{
    private const string Queries = "/api/v1/queries";
    private static readonly string[] All = [Scopes.StudiesRead, Scopes.StudiesWrite, Scopes.EvaluationsWrite];
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_query_is_kept_for_its_tenant_under_one_name()
    {
        await using var service = await TestService.Start(work: (_, _, _) => throw new InvalidOperationException("no work"));
        var (client, _, _) = await service.Client("a", All);
        var (theirs, _, _) = await service.Client("b", All);
        var (reader, _, _) = await service.Client("a", Scopes.StudiesRead);
        var request = new { name = "large ICH", filter = new { hemorrhageType = "ICH", minVolumeMl = 30, from = "2026-03-01T00:00:00Z", site = "north" } };

        using var answer = await client.PostAsJsonAsync(Queries, request);
        Assert.Equal(201, (int)answer.StatusCode);
        var path = answer.Headers.Location!.ToString();
        var saved = await client.GetFromJsonAsync<JsonElement>(path);

        var filter = saved.GetProperty("filter");
        Assert.Equal(("large ICH", path), (saved.GetProperty("name").GetString(), saved.Link("self")));
        Assert.Equal(("ICH", 30.0, "north"), (filter.GetProperty("hemorrhageType").GetString(), filter.GetProperty("minVolumeMl").GetDouble(), filter.GetProperty("site").GetString()));
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero), filter.GetProperty("from").GetDateTimeOffset());
        Assert.Equal(path, Assert.Single((await reader.GetFromJsonAsync<JsonElement>(Queries)).GetProperty("items").EnumerateArray()).Link("self"));
        await CallerTests.Refused(await client.PostAsJsonAsync(Queries, request), 409, "query.exists");
        await CallerTests.Refused(await reader.PostAsJsonAsync(Queries, request with { name = "other" }), 403, "auth.scope");
        await CallerTests.Refused(await theirs.GetAsync(path), 404, "not_found");
        await CallerTests.Refused(await theirs.DeleteAsync(path), 404, "not_found");
        Assert.Equal(201, (int)(await theirs.PostAsJsonAsync(Queries, request)).StatusCode);

        Assert.Equal(204, (int)(await client.DeleteAsync(path)).StatusCode);
        await CallerTests.Refused(await client.GetAsync(path), 404, "not_found");
        Assert.Equal(201, (int)(await client.PostAsJsonAsync(Queries, request)).StatusCode);
    }

    [Theory]
    [InlineData("""{"name":"x","filter":{"hemorrhageType":"SAH"}}""")]
    [InlineData("""{"name":"x","filter":{"minVolumeMl":-1}}""")]
    [InlineData("""{"name":"x","filter":{"minVolumneMl":30}}""")]
    [InlineData("""{"name":"x","filter":{"from":"yesterday"}}""")]
    [InlineData("""{"name":"x","filters":{}}""")]
    [InlineData("""{"name":"x"}""")]
    [InlineData("""{"name":" ","filter":{}}""")]
    [InlineData("""{"filter":{}}""")]
    public async Task A_filter_that_makes_no_sense_is_refused_when_it_is_saved_and_leaves_nothing(string body)
    {
        await using var service = await TestService.Start(work: (_, _, _) => throw new InvalidOperationException("no work"));
        var (client, _, _) = await service.Client("a", All);

        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        await CallerTests.Refused(await client.PostAsync(Queries, content), 400, "request.invalid");

        Assert.Empty((await client.GetFromJsonAsync<JsonElement>(Queries)).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Analytics_take_a_saved_query_beside_their_own_filter()
    {
        await using var service = await TestService.Start(work: (_, _, _) => throw new InvalidOperationException("no work"));
        var (client, _, tenant) = await service.Client("a", All);
        var (theirs, _, _) = await service.Client("b", All);
        var rows = await new StoredResults(service).Add(
            tenant, [(Start, "north", "a-net", 40, 0, 0), (Start.AddHours(1), "south", "a-net", 50, 0, 0), (Start.AddHours(2), "north", "a-net", 20, 0, 0), (Start.AddHours(3), "north", "b-net", 60, 0, 0)]);
        var id = await Save(client, "large", new { hemorrhageType = "ICH", minVolumeMl = 30 });

        Assert.Equal([0, 1, 3], await Exported($"?queryId={id}"));
        Assert.Equal([0, 3], await Exported($"?queryId={id}&site=north"));
        Assert.Equal([0, 1, 2, 3], await Exported(""));
        var volumes = await client.GetFromJsonAsync<JsonElement>($"/api/v1/analytics/volumes?queryId={id}&model=a-net");
        Assert.Equal(90, volumes.GetProperty("groups").EnumerateArray().Single(s => s.GetProperty("type").GetString() == "ICH").GetProperty("sumMl").GetDouble(), 1e-9);
        await CallerTests.Refused(await theirs.GetAsync($"/api/v1/analytics/volumes?queryId={id}"), 404, "not_found");
        await CallerTests.Refused(await client.GetAsync($"/api/v1/analytics/results?queryId={Guid.NewGuid()}"), 404, "not_found");

        async Task<List<int>> Exported(string query)
        {
            var lines = (await client.GetStringAsync($"/api/v1/analytics/results{query}")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1);
            return [.. lines.Select(line => rows.ToList().FindIndex(r => line.StartsWith($"{r.StudyId}", StringComparison.Ordinal)))];
        }
    }

    [Fact]
    public async Task An_evaluation_keeps_the_studies_that_its_saved_queries_found_and_counts_those_without_the_reference()
    {
        await using var service = await TestService.Start();
        var (client, _, _) = await service.Client("a", All);
        List<Guid> studies = [];
        foreach (var (name, site, scale) in new[] { ("0", "north", 1.0), ("1", "north", 0.8), ("2", "south", 1), ("3", "north", 1), ("4", "south", 0) })
        {
            var (id, job) = await client.Upload(new HeadStudy { Name = name, BloodScale = scale }.Zip(), $"?site={site}");
            await client.JobEnded(job);
            studies.Add(id);
        }

        foreach (var i in (int[])[0, 1, 2, 4])
        {
            await client.AddReference(studies[i], i == 4 ? ReferenceCalls.Nothing() : ReferenceCalls.Drawn(), "?reader=r1");
        }

        var (north, south) = (await Save(client, "north", new { site = "north" }), await Save(client, "south with blood", new { site = "south", hemorrhageType = "ICH" }));
        var evaluation = await client.Evaluate(new
        {
            reference = "r1",
            studies = new[] { new { studyId = studies[1], site = "external" } },
            savedQueries = new[] { new { queryId = north, site = "internal" }, new { queryId = south, site = "external" } },
        });
        var results = await client.GetFromJsonAsync<JsonElement>(evaluation.Link("results"));

        // The list goes first; of the north's three studies one has no reference; the south's clean head is not what its query asks for.
        Assert.Equal(3, evaluation.GetProperty("studyCount").GetInt32());
        Assert.Equal(
            [(studies[1], "external"), (studies[0], "internal"), (studies[2], "external")],
            results.GetProperty("cases").EnumerateArray().Select(c => (c.GetProperty("studyId").GetGuid(), c.GetProperty("site").GetString())));
        Assert.Empty(results.GetProperty("leftOut").EnumerateArray());
        var warning = Assert.Single(results.GetProperty("warnings").EnumerateArray());
        Assert.Equal("evaluation.reference_missing", warning.GetProperty("code").GetString());
        Assert.Contains($"{north} found 3 studies; 1 of them", warning.GetProperty("detail").GetString());
        foreach (var document in new[] { evaluation, results })
        {
            Assert.Equal(
                [("north", 3, 1), ("south with blood", 1, 0)],
                document.GetProperty("savedQueries").EnumerateArray().Select(q => (q.GetProperty("name").GetString(), q.GetProperty("matchedStudies").GetInt32(), q.GetProperty("withoutReference").GetInt32())));
        }

        // What it found stays as it was: without the query, and with studies that it would find by now.
        await client.DeleteAsync($"{Queries}/{north}");
        await client.AddReference(studies[3], ReferenceCalls.Drawn(), "?reader=r1");
        var later = await client.GetFromJsonAsync<JsonElement>(evaluation.Link("self"));
        Assert.Equal((3, "ICH"), (later.GetProperty("studyCount").GetInt32(), later.GetProperty("savedQueries")[1].GetProperty("filter").GetProperty("hemorrhageType").GetString()));
        Assert.Contains("north: 2 of 3 studies", await client.GetStringAsync($"{evaluation.Link("self")}/report.html"));
    }

    [Fact]
    public async Task A_cohort_of_saved_queries_that_is_empty_foreign_too_large_or_of_two_sites_is_refused()
    {
        await using var service = await TestService.Start(work: (_, _, _) => throw new InvalidOperationException("no work"), settings: ["--Evaluations:MaximumStudies=2"]);
        var (client, _, tenant) = await service.Client("a", All);
        var (theirs, _, _) = await service.Client("b", All);
        var rows = await new StoredResults(service).Add(tenant, Enumerable.Range(0, 4).Select(k => (Start.AddHours(k), (string?)(k < 3 ? "north" : "south"), "a-net", 1.0 + k, 0.0, 0.0)));
        await using (var db = service.Database.OpenAsSystem())
        {
            db.AddRange(rows.Where(r => r.Site == "north").Select(r => new ReferenceMask
            {
                TenantId = tenant.Id, StudyId = r.StudyId, Reader = "r1", Format = "nifti", Status = ResultStatus.Complete, IchMl = 1, EdhMl = 0, SdhMl = 0, CreatedAt = Start,
            }));
            await db.SaveChangesAsync();
        }

        var (nowhere, south, north, large, theirQuery) = (
            await Save(client, "nowhere", new { site = "nowhere" }), await Save(client, "south", new { site = "south" }), await Save(client, "north", new { site = "north" }),
            await Save(client, "large", new { site = "north", minVolumeMl = 2.5 }), await Save(theirs, "all", new { }));

        await CallerTests.Refused(await client.PostEvaluation(Of((nowhere, "internal"))), 422, "evaluation.empty");
        await CallerTests.Refused(await client.PostEvaluation(Of((south, "internal"))), 422, "evaluation.empty");
        await CallerTests.Refused(await client.PostEvaluation(Of((large, "internal"), (south, "internal"))), 422, "evaluation.empty");
        await CallerTests.Refused(await client.PostEvaluation(Of((theirQuery, "internal"))), 404, "not_found");
        await CallerTests.Refused(await client.PostEvaluation(Of((north, "internal"))), 400, "request.invalid");
        await CallerTests.Refused(await client.PostEvaluation(Of((large, "internal"), (large, "internal"))), 400, "request.invalid");
        var second = await Save(client, "second", new { site = "north", minVolumeMl = 1.5, to = Start.AddHours(2) });
        Assert.Equal(202, (int)(await client.PostEvaluation(Of((second, "internal")))).StatusCode);
        var third = await Save(client, "from second", new { site = "north", from = Start.AddHours(1), to = Start.AddHours(2) });
        await CallerTests.Refused(await client.PostEvaluation(Of((second, "internal"), (third, "external"))), 400, "request.invalid");
        Assert.Equal(202, (int)(await client.PostEvaluation(Of((second, "internal"), (third, "internal")))).StatusCode);

        static object Of(params (Guid Id, string Site)[] queries) => new { reference = "r1", savedQueries = queries.Select(q => new { queryId = q.Id, site = q.Site }) };
    }

    private static async Task<Guid> Save(HttpClient client, string name, object filter)
    {
        using var answer = await client.PostAsJsonAsync(Queries, new { name, filter });
        var document = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True((int)answer.StatusCode == 201, document.ToString());
        return document.GetProperty("queryId").GetGuid();
    }
}
