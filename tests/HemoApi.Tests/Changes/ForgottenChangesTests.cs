using System.Net.Http.Json;
using System.Text.Json;
using HemoApi.Changes;
using HemoApi.Hosting;
using HemoApi.Storage;
using HemoApi.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace HemoApi.Tests.Changes;

/// <summary>What becomes of changes that are older than they are kept.</summary>
public sealed class ForgottenChangesTests
{
    [Fact]
    public async Task Old_changes_go_and_a_cursor_before_them_is_refused_instead_of_missing_some()
    {
        await using var service = await Start();
        var (client, _, tenant) = await service.Client("a", Scopes.StudiesRead);
        await Write(service, tenant, 100, 95, 91, 89, 0);

        Assert.Equal(3, await Forget(service));
        Assert.Equal(0, await Forget(service));
        foreach (var cursor in (string[])["0", "1", "2"])
        {
            await CallerTests.Refused(await client.GetAsync($"/api/v1/changes?since={cursor}"), 410, "changes.expired");
        }

        Assert.Equal([4, 5], await Sequences(client, "?since=3"));
        Assert.Equal([5], await Sequences(client, "?since=4"));
        Assert.Equal([4, 5], await Sequences(client, ""));
    }

    [Fact]
    public async Task Where_all_are_forgotten_the_feed_goes_on_from_its_end()
    {
        await using var service = await Start();
        var (client, _, tenant) = await service.Client("a", Scopes.StudiesRead);
        await Write(service, tenant, 100, 100);
        Assert.Equal(2, await Forget(service));

        await CallerTests.Refused(await client.GetAsync("/api/v1/changes?since=1"), 410, "changes.expired");
        var page = await client.GetFromJsonAsync<JsonElement>("/api/v1/changes");
        Assert.Equal("2", page.GetProperty("nextCursor").GetString());
        await Write(service, tenant, 0);
        Assert.Equal([3], await Sequences(client, "?since=2"));
    }

    [Fact]
    public async Task A_change_outlives_its_days_behind_a_younger_one_and_where_a_webhook_still_tells_of_it()
    {
        await using var service = await Start();
        var (behind, _, a) = await service.Client("a", Scopes.StudiesRead);
        var (told, _, b) = await service.Client("b", Scopes.StudiesRead);
        await Write(service, a, 100, 10, 100);
        await Write(service, b, 100, 100, 100);
        await using (var db = service.Database.OpenAsSystem())
        {
            var now = DateTimeOffset.UtcNow;
            var webhook = db.Add(new Webhook { TenantId = b.Id, Url = "https://hospital.example/", Secret = [1], Events = [], CreatedAt = now }).Entity;
            db.Add(new WebhookDelivery { TenantId = b.Id, WebhookId = webhook.Id, Sequence = 2, DueAt = now.AddDays(1), CreatedAt = now });
            await db.SaveChangesAsync();
        }

        Assert.Equal(2, await Forget(service));
        Assert.Equal([2, 3], await Sequences(behind, ""));
        Assert.Equal([2, 3], await Sequences(told, ""));
    }

    private static Task<TestService> Start() => TestService.Start((_, _, _) => throw new InvalidOperationException("no work"), adjust: TestService.WithoutCalendar);

    private static Task<int> Forget(TestService service) => service.Services.GetRequiredService<ForgetChangesJob>().Run(default);

    private static async Task<IEnumerable<long>> Sequences(HttpClient client, string query) =>
        (await client.GetFromJsonAsync<JsonElement>($"/api/v1/changes{query}")).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("sequence").GetInt64());

    /// <summary>One change of each age, in this order.</summary>
    private static async Task Write(TestService service, Tenant tenant, params int[] ageDays)
    {
        var log = service.Services.GetRequiredService<ChangeLog>();
        foreach (var days in ageDays)
        {
            await using var db = service.Database.OpenAsSystem();
            await using var transaction = await db.Database.BeginTransactionAsync();
            var change = await log.Append(db, tenant.Id, ChangeTypes.StudyDeleted, Guid.NewGuid(), null);
            var at = DateTimeOffset.UtcNow.AddDays(-days);
            await db.Changes.Where(c => c.TenantId == tenant.Id && c.Sequence == change.Sequence).ExecuteUpdateAsync(set => set.SetProperty(c => c.At, at));
            await transaction.CommitAsync();
        }
    }
}
