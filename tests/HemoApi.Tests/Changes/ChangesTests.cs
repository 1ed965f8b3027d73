using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HemoApi.Changes;
using HemoApi.Hosting;
using HemoApi.Storage;
using HemoApi.Tests.Hosting;
using HemoApi.Tests.Jobs;
using HemoApi.Tests.Studies;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace HemoApi.Tests.Changes;

/// <summary>The feed of a tenant's changes, as a client reads it.</summary>
public sealed class ChangesTests
{
    [Fact]
    public async Task A_studys_life_is_told_from_upload_to_deletion_in_ids_and_states_alone()
    {
        await using var service = await TestService.Start();
        var (client, _, _) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        Assert.Equal((0, "0", false), Page(await Changes(client)));
        var (study, job) = await client.Upload(new HeadStudy().Zip());
        await client.JobEnded(job);
        using var deleted = await client.DeleteAsync($"/api/v1/studies/{study}");

        var page = await Changes(client);
        Assert.Equal((4, "4", false), Page(page));
        Assert.Equal([ChangeTypes.StudyCreated, ChangeTypes.JobRunning, ChangeTypes.JobSucceeded, ChangeTypes.StudyDeleted], Types(page));
        var items = page.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal([1, 2, 3, 4], items.Select(i => i.GetProperty("sequence").GetInt64()));
        Assert.All(items, i => Assert.Equal(study, i.GetProperty("studyId").GetGuid()));
        Assert.All(items[..3], i => Assert.Equal(job, i.GetProperty("jobId").GetGuid()));
        Assert.Equal(["sequence", "type", "studyId", "jobId", "at", "links"], items[0].EnumerateObject().Select(p => p.Name));
        Assert.True(items.Select(i => i.GetProperty("at").GetDateTimeOffset()).Order().SequenceEqual(items.Select(i => i.GetProperty("at").GetDateTimeOffset())));
        using var gone = await client.GetAsync(items[0].GetProperty("links").GetProperty("job").GetString());
        Assert.Equal(HttpStatusCode.Gone, gone.StatusCode);
    }

    [Fact]
    public async Task Pages_follow_each_other_by_their_cursor_and_the_end_is_a_cursor_too()
    {
        await using var service = await TestService.Start((_, _, _) => throw new InvalidOperationException("no work"));
        var (client, _, tenant) = await service.Client("a", Scopes.StudiesRead);
        await Append(service, tenant, 5);

        var seen = new List<long>();
        var cursor = "0";
        for (var request = 0; request < 4; request++)
        {
            var page = await Changes(client, $"?since={cursor}&limit=2");
            Assert.Equal(request < 2, page.GetProperty("hasMore").GetBoolean());
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("sequence").GetInt64()));
            cursor = page.GetProperty("nextCursor").GetString()!;
        }

        Assert.Equal([1, 2, 3, 4, 5], seen);
        Assert.Equal("5", cursor);
    }

    [Fact]
    public async Task Who_waits_at_the_end_is_answered_at_the_next_change_and_else_after_the_time()
    {
        await using var service = await TestService.Start((_, _, _) => throw new InvalidOperationException("no work"));
        var (client, _, tenant) = await service.Client("a", Scopes.StudiesRead);
        var start = TimeProvider.System.GetTimestamp();
        Assert.Equal((0, "0", false), Page(await Changes(client, "?waitSeconds=1")));
        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalSeconds, 1, 30);

        var waiting = Changes(client, "?waitSeconds=60");
        await Task.Delay(300);
        Assert.False(waiting.IsCompleted);
        await Append(service, tenant, 1);
        Assert.Equal((1, "1", false), Page(await waiting.WaitAsync(TimeSpan.FromSeconds(20))));
    }

    [Fact]
    public async Task Each_tenant_has_a_feed_of_its_own()
    {
        await using var service = await TestService.Start((_, _, _) => throw new InvalidOperationException("no work"));
        var (mine, _, a) = await service.Client("a", Scopes.StudiesRead);
        var (theirs, _, b) = await service.Client("b", Scopes.StudiesRead);
        await Append(service, a, 3);
        await Append(service, b, 1);

        Assert.Equal((3, "3", false), Page(await Changes(mine)));
        Assert.Equal((1, "1", false), Page(await Changes(theirs)));
    }

    [Theory]
    [InlineData("?since=x")]
    [InlineData("?since=-1")]
    [InlineData("?since=3")]
    [InlineData("?since=99999999999999999999")]
    [InlineData("?limit=0")]
    [InlineData("?limit=201")]
    [InlineData("?waitSeconds=61")]
    public async Task A_cursor_that_was_never_given_out_is_refused_and_does_not_miss_what_comes(string query)
    {
        await using var service = await TestService.Start((_, _, _) => throw new InvalidOperationException("no work"));
        var (client, _, tenant) = await service.Client("a", Scopes.StudiesRead);
        await Append(service, tenant, 2);
        await CallerTests.Refused(await client.GetAsync($"/api/v1/changes{query}"), 400, "request.invalid");
    }

    [Fact]
    public async Task Every_end_of_a_job_and_its_retry_are_told()
    {
        using var work = new GatedWork();
        await using var service = await TestService.Start(work.Run);
        var (client, _, tenant) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        var (first, second) = (await service.AddStudy(tenant), await service.AddStudy(tenant));
        service.Queue.Enqueue(first.Id, first.Priority);
        await client.JobAfter(first.Id, "queued");
        using var cancel = await client.PostAsync($"/api/v1/jobs/{second.Id}/cancel", null);
        work.Release();
        await client.JobEnded(first.Id);
        using var retry = await client.PostAsync($"/api/v1/jobs/{second.Id}/retry", null);
        work.Release();
        await client.JobEnded(second.Id);

        var changes = (await Changes(client)).GetProperty("items").EnumerateArray()
            .Select(i => (i.GetProperty("jobId").GetGuid(), i.GetProperty("type").GetString())).ToList();
        Assert.Equal([ChangeTypes.JobRunning, ChangeTypes.JobFailed], changes.Where(c => c.Item1 == first.Id).Select(c => c.Item2));
        Assert.Equal(
            [ChangeTypes.JobCancelled, ChangeTypes.JobQueued, ChangeTypes.JobRunning, ChangeTypes.JobFailed],
            changes.Where(c => c.Item1 == second.Id).Select(c => c.Item2));
    }

    [Fact]
    public async Task A_job_that_the_end_of_its_process_broke_off_is_told_to_wait_again()
    {
        var host = await UploadHost.Start();
        var job = (await host.Accept(ZipIntakeForge.Zip(IntakeSlice.Stack(12)))).GetProperty("jobId").GetGuid();
        await UploadHost.Until(() => host.Read(db => db.Jobs.AnyAsync(j => j.Id == job && j.Status == JobStatus.Running)));
        await using var next = await host.Restart();
        await UploadHost.Until(() => next.Read(db => db.Jobs.AnyAsync(j => j.Id == job && j.Status == JobStatus.Running && j.Attempts == 2)));

        Assert.Equal([ChangeTypes.StudyCreated, ChangeTypes.JobRunning, ChangeTypes.JobQueued, ChangeTypes.JobRunning], Types(await Changes(next.Client)));
    }

    private static Task<JsonElement> Changes(HttpClient client, string query = "") =>
        client.GetFromJsonAsync<JsonElement>($"/api/v1/changes{query}", TestContext.Current.CancellationToken);

    private static IEnumerable<string?> Types(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("type").GetString());

    private static (int Items, string? Next, bool HasMore) Page(JsonElement page) =>
        (page.GetProperty("items").GetArrayLength(), page.GetProperty("nextCursor").GetString(), page.GetProperty("hasMore").GetBoolean());

    private static async Task Append(TestService service, Tenant tenant, int count)
    {
        var log = service.Services.GetRequiredService<ChangeLog>();
        for (var i = 0; i < count; i++)
        {
            await using var db = service.Database.OpenAsSystem();
            await using var transaction = await db.Database.BeginTransactionAsync();
            var change = await log.Append(db, tenant.Id, ChangeTypes.StudyDeleted, Guid.NewGuid(), null);
            await transaction.CommitAsync();
            log.Announce(change);
        }
    }
}
