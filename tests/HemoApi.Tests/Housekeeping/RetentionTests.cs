using System.Net.Http.Json;
using System.Text.Json;
using HemoApi.Hosting;
using HemoApi.Housekeeping;
using HemoApi.Storage;
using HemoApi.Tests.Audit;
using HemoApi.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace HemoApi.Tests.Housekeeping;

public sealed class RetentionTests
{
    [Fact]
    public async Task Studies_go_after_the_days_of_the_setting_or_of_their_tenant_with_a_receipt_each()
    {
        await using var service = await TestService.Start(settings: ["--Retention:StudyDays=30"], adjust: TestService.WithoutCalendar);
        var (a, _, ordinary) = await service.Client("a", Scopes.Admin);
        var (b, _, shorter) = await service.Client("b", Scopes.Admin);
        var (c, _, forever) = await service.Client("c", Scopes.Admin);
        var old = await Studies(service, ordinary, 31, 29);
        var older = await Studies(service, shorter, 11, 9);
        var kept = await Studies(service, forever, 4000);
        await using (var db = service.Database.OpenAsSystem())
        {
            await db.Tenants.Where(t => t.Id == shorter.Id).ExecuteUpdateAsync(set => set.SetProperty(t => t.RetentionDays, 10));
            await db.Tenants.Where(t => t.Id == forever.Id).ExecuteUpdateAsync(set => set.SetProperty(t => t.RetentionDays, 0));
        }

        Assert.Equal(2, await service.Services.GetRequiredService<RetentionJob>().Run(default));
        await CallerTests.Refused(await a.GetAsync($"/api/v1/studies/{old[0]}"), 410, "gone");
        await CallerTests.Refused(await b.GetAsync($"/api/v1/studies/{older[0]}"), 410, "gone");
        foreach (var (client, study) in ((HttpClient, Guid)[])[(a, old[1]), (b, older[1]), (c, kept[0])])
        {
            Assert.Equal(200, (int)(await client.GetAsync($"/api/v1/studies/{study}")).StatusCode);
        }

        Assert.Equal(old[0], Assert.Single(await AuditTrailTests.Entries(a, "caller=retention")).StudyId);
        Assert.Equal(older[0], Assert.Single(await AuditTrailTests.Entries(b, "caller=retention&action=study.erased")).StudyId);
        Assert.Equal(3, TestStorage.Blobs(service.Folder).Length);
        Assert.Equal(0, await service.Services.GetRequiredService<RetentionJob>().Run(default));
    }

    [Fact]
    public async Task An_administrator_sets_it_for_the_own_tenant_alone_with_an_entry_in_the_audit_trail()
    {
        await using var service = await TestService.Start(settings: ["--Retention:StudyDays=30"], adjust: TestService.WithoutCalendar);
        var (a, _, tenant) = await service.Client("a", Scopes.Admin);
        var (b, _, _) = await service.Client("b", Scopes.Admin);
        Assert.Equal((null, 30), await Retention(await a.GetAsync("/api/v1/retention")));

        Assert.Equal((10, 10), await Retention(await a.PutAsJsonAsync("/api/v1/retention", new { studyDays = 10 })));
        Assert.Equal((10, 10), await Retention(await a.GetAsync("/api/v1/retention")));
        Assert.Equal((null, 30), await Retention(await b.GetAsync("/api/v1/retention")));
        await Studies(service, tenant, 11, 9);
        Assert.Equal(1, await service.Services.GetRequiredService<RetentionJob>().Run(default));

        Assert.Equal((0, 0), await Retention(await a.PutAsJsonAsync("/api/v1/retention", new { studyDays = 0 })));
        Assert.Equal((null, 30), await Retention(await a.PutAsJsonAsync("/api/v1/retention", new { studyDays = (int?)null })));
        var entries = await AuditTrailTests.Entries(a, "action=retention.set");
        Assert.Equal(["as configured", "days=0", "days=10"], entries.Select(e => e.Detail).Order());
        foreach (var days in (int[])[-1, 36_501])
        {
            await CallerTests.Refused(await a.PutAsJsonAsync("/api/v1/retention", new { studyDays = days }), 400, "request.invalid");
        }
    }

    private static async Task<(int? Own, int Effective)> Retention(HttpResponseMessage answer)
    {
        var document = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.IsSuccessStatusCode, document.ToString());
        int? own = document.TryGetProperty("studyDays", out var days) && days.ValueKind == JsonValueKind.Number ? days.GetInt32() : null;
        return (own, document.GetProperty("effectiveStudyDays").GetInt32());
    }

    [Fact]
    public async Task It_runs_by_itself()
    {
        var first = await TestService.Start();
        var (_, _, tenant) = await first.Client("a", Scopes.StudiesRead);
        await Studies(first, tenant, 31);
        var folder = await first.Stop();
        await using var second = await TestService.Start(folder: folder, settings: ["--Retention:StudyDays=30"]);
        if (TestStorage.IsPostgres)
        {
            // Shared, it waits for the hour.
            second.Services.GetRequiredService<Hangfire.IRecurringJobManager>().Trigger("retention");
        }

        var limit = DateTime.UtcNow.AddSeconds(40);
        while (TestStorage.Blobs(folder).Length > 0)
        {
            Assert.True(DateTime.UtcNow < limit, "the old study is still there");
            await Task.Delay(200);
        }
    }

    private static async Task<List<Guid>> Studies(TestService service, Tenant tenant, params int[] ageDays)
    {
        List<Guid> ids = [];
        foreach (var days in ageDays)
        {
            var job = await service.AddStudy(tenant, j => j.Status = JobStatus.Failed);
            await using var db = service.Database.OpenAsSystem();
            await db.Studies.Where(s => s.Id == job.StudyId).ExecuteUpdateAsync(set => set.SetProperty(s => s.CreatedAt, DateTimeOffset.UtcNow.AddDays(-days)));
            ids.Add(job.StudyId);
        }

        return ids;
    }
}
