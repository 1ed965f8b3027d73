using System.Net.Http.Json;
using System.Text.Json;
using HemoApi.Audit;
using HemoApi.Hosting;
using HemoApi.Storage;
using HemoApi.Tests.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace HemoApi.Tests.Audit;

public sealed class AuditTrailTests
{
    [Fact]
    public async Task Every_access_to_a_study_leaves_who_what_when_and_from_where_and_nothing_of_the_patient()
    {
        await using var service = await TestService.Start();
        var (client, key, _) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite, Scopes.Admin);
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);
        var (study, job) = await client.Upload(new HeadStudy().Zip());
        await client.JobEnded(job);
        foreach (var path in (string[])[$"studies/{study}", $"studies/{study}/results", $"studies/{study}/results/mask.nii.gz", $"jobs/{job}", "studies?patientId=PATIENT-17&minVolumeMl=3", "models"])
        {
            Assert.Equal(200, (int)(await client.GetAsync($"/api/v1/{path}")).StatusCode);
        }

        Assert.Equal(204, (int)(await client.DeleteAsync($"/api/v1/studies/{study}")).StatusCode);
        Assert.Equal(410, (int)(await client.GetAsync($"/api/v1/studies/{study}")).StatusCode);

        var entries = (await Entries(client)).Where(e => e.Action != "audit.read").Reverse().ToList();
        Assert.Equal(
            [
                ("study.upload", null, false), ("study.upload", 202, true), ("study.read", 200, true), ("results.read", 200, true), ("mask.download", 200, true), ("study.list", 200, false),
                ("study.delete", null, true), ("study.erased", null, true), ("study.delete", 204, true), ("study.read", 410, true),
            ],
            entries.Select(e => (e.Action, e.Status, e.StudyId == study)));
        Assert.All(entries, e => Assert.Equal($"key:{key.Split('_')[1]}", e.Caller));
        Assert.All(entries, e => Assert.InRange(e.At, before, DateTimeOffset.UtcNow.AddSeconds(1)));
        Assert.All(entries.Where(e => e.Action != "study.erased"), e => Assert.Equal("127.0.0.1", e.Address));
        Assert.Equal("minVolumeMl=3", entries.Single(e => e.Action == "study.list").Detail);
        Assert.DoesNotContain("PATIENT-17", await client.GetStringAsync("/api/v1/audit/export.csv"));
    }

    [Fact]
    public async Task Refused_and_foreign_accesses_are_in_the_trail_of_who_tried()
    {
        await using var service = await TestService.Start();
        var (_, _, tenant) = await service.Client("a", Scopes.StudiesRead);
        var job = await service.AddStudy(tenant);
        var (reader, _, _) = await service.Client("b", Scopes.StudiesRead);
        var (admin, _, _) = await service.Client("b", Scopes.Admin);
        await CallerTests.Refused(await reader.GetAsync($"/api/v1/studies/{job.StudyId}"), 404, "not_found");
        await CallerTests.Refused(await reader.DeleteAsync($"/api/v1/studies/{job.StudyId}"), 403, "auth.scope");
        await CallerTests.Refused(await reader.GetAsync("/api/v1/audit"), 403, "auth.scope");

        Assert.Equal(
            [("study.read", 404), ("study.delete", 403), ("audit.read", 403)],
            (await Entries(admin)).Reverse().Select(e => (e.Action, e.Status ?? 0)));
        var (other, _, _) = await service.Client("a", Scopes.Admin);
        Assert.DoesNotContain(await Entries(other), e => e.StudyId == job.StudyId);
    }

    [Fact]
    public async Task Without_an_entry_there_is_no_answer_and_no_change()
    {
        await using var service = await TestService.Start();
        var (client, _, _) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        var (study, job) = await client.Upload(new HeadStudy().Zip());
        await client.JobEnded(job);
        await using (var db = service.Database.OpenAsSystem())
        {
            await db.Database.ExecuteSqlRawAsync("ALTER TABLE audit_entries RENAME TO audit_entries_away");
        }

        var refused = await client.GetAsync($"/api/v1/studies/{study}/results");
        Assert.NotNull(refused.Headers.RetryAfter);
        await CallerTests.Refused(refused, 503, "dependency.unavailable");
        await CallerTests.Refused(await client.GetAsync($"/api/v1/studies/{study}/results/mask.nii.gz"), 503, "dependency.unavailable");
        await CallerTests.Refused(await client.DeleteAsync($"/api/v1/studies/{study}"), 503, "dependency.unavailable");
        await CallerTests.Refused(await client.PostZip(new HeadStudy { Name = "other" }.Zip()), 503, "dependency.unavailable");
        await using (var db = service.Database.OpenAsSystem())
        {
            Assert.Equal(study, (await db.Studies.SingleAsync(s => s.Status == StudyStatus.Stored)).Id);
            await db.Database.ExecuteSqlRawAsync("ALTER TABLE audit_entries_away RENAME TO audit_entries");
        }

        Assert.Equal(200, (int)(await client.GetAsync($"/api/v1/studies/{study}/results")).StatusCode);
    }

    [Fact]
    public async Task The_trail_is_read_in_pages_by_study_caller_action_and_time_and_as_csv()
    {
        await using var service = await TestService.Start();
        var (admin, key, tenant) = await service.Client("a", Scopes.Admin);
        var jobs = new[] { await service.AddStudy(tenant), await service.AddStudy(tenant) };
        for (var i = 0; i < 7; i++)
        {
            await admin.GetAsync($"/api/v1/studies/{jobs[i % 2].StudyId}");
        }

        var ofFirst = $"/api/v1/audit?studyId={jobs[0].StudyId}&limit=3";
        var first = await admin.GetFromJsonAsync<JsonElement>(ofFirst);
        var second = await admin.GetFromJsonAsync<JsonElement>($"{ofFirst}&cursor={first.GetProperty("nextCursor").GetString()}");
        Assert.False(second.TryGetProperty("nextCursor", out _));
        var sequences = first.GetProperty("items").EnumerateArray().Concat(second.GetProperty("items").EnumerateArray())
            .Where(e => e.GetProperty("action").GetString() == "study.read").Select(e => e.GetProperty("sequence").GetInt64());
        Assert.Equal([7, 5, 3, 1], sequences);

        Assert.Empty((await admin.GetFromJsonAsync<JsonElement>("/api/v1/audit?caller=key:0000")).GetProperty("items").EnumerateArray());
        Assert.Empty((await admin.GetFromJsonAsync<JsonElement>("/api/v1/audit?from=2100-01-01T00:00:00Z")).GetProperty("items").EnumerateArray());
        Assert.Equal(7, (await admin.GetFromJsonAsync<JsonElement>("/api/v1/audit?action=study.read&to=2100-01-01T00:00:00Z")).GetProperty("items").GetArrayLength());
        await CallerTests.Refused(await admin.GetAsync("/api/v1/audit?limit=201"), 400, "request.invalid");
        await CallerTests.Refused(await admin.GetAsync("/api/v1/audit?cursor=x"), 400, "request.invalid");

        var csv = await admin.GetStringAsync($"/api/v1/audit/export.csv?action=study.read&caller=key:{key.Split('_')[1]}");
        var lines = csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(8, lines.Length);
        Assert.StartsWith("sequence,at,caller", lines[0]);
        Assert.StartsWith("7,", lines[1]);
    }

    [Fact]
    public async Task An_export_is_one_entry_with_its_filter()
    {
        await using var service = await TestService.Start();
        var (admin, _, _) = await service.Client("a", Scopes.Admin);
        await admin.GetStringAsync("/api/v1/analytics/results?from=2026-01-01T00:00:00Z&hemorrhageType=ICH&site=north");
        var entry = (await Entries(admin)).Single(e => e.Action == "analytics.export");
        Assert.Equal("from=2026-01-01T00:00:00Z&hemorrhageType=ICH&site=north", entry.Detail);
    }

    [Fact]
    public async Task Every_endpoint_says_whether_its_calls_are_in_the_trail_or_why_not()
    {
        await using var service = await TestService.Start();
        var endpoints = service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        Assert.True(endpoints.Count > 40);
        Assert.All(endpoints, e =>
        {
            var decision = e.Metadata.GetMetadata<AuditDecision>();
            Assert.True(decision is not null, $"{e.DisplayName} has no Audited or NotAudited");
            Assert.True(decision.Action is null ? decision.Reason is { Length: > 10 } : decision.Reason is null, e.DisplayName);
        });
        Assert.All(endpoints.Where(e => e.RoutePattern.RawText!.Contains("/studies")), e => Assert.NotNull(e.Metadata.GetMetadata<AuditDecision>()!.Action));
    }

    internal static async Task<IReadOnlyList<AuditDocument>> Entries(HttpClient admin, string query = "limit=200") =>
        (await admin.GetFromJsonAsync<AuditPage>($"/api/v1/audit?{query}", Json.Options))!.Items;
}
