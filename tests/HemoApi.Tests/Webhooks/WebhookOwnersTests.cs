using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using HemoApi.Changes;
using HemoApi.Hosting;
using HemoApi.Storage;
using HemoApi.Tests.Hosting;
using HemoApi.Tests.Studies;
using HemoApi.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static HemoApi.Tests.Webhooks.WebhookCalls;

namespace HemoApi.Tests.Webhooks;

/// <summary>Who has which webhooks, what they hear, and what is refused.</summary>
public sealed class WebhookOwnersTests
{
    [Fact]
    public async Task A_change_that_was_rolled_back_is_told_to_no_one()
    {
        await using var receiver = await Receiver.Start();
        await using var service = await TestService.Start(NoWork, settings: Local);
        var (admin, _, tenant) = await service.Client("a", Scopes.Admin);
        var webhook = await Create(admin, receiver.Url);
        await using (var db = service.Database.OpenAsSystem())
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            await service.Services.GetRequiredService<ChangeLog>().Append(db, tenant.Id, ChangeTypes.StudyCreated, Guid.NewGuid(), null);
        }

        await Change(service, tenant);
        await Logged(admin, webhook, [(DeliveryStatus.Delivered, 1, 204, null)]);
        Assert.Single(receiver.Requests);
    }

    [Fact]
    public async Task A_tenant_hears_of_its_own_changes_alone_and_webhooks_are_for_administrators()
    {
        await using var receiver = await Receiver.Start();
        await using var service = await TestService.Start(NoWork, settings: Local);
        var (mine, _, a) = await service.Client("a", Scopes.Admin);
        var (theirs, _, b) = await service.Client("b", Scopes.Admin);
        var (gateway, _, _) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite, Scopes.EvaluationsWrite);
        var webhook = await Create(mine, receiver.Url);

        await CallerTests.Refused(await gateway.GetAsync("/api/v1/webhooks"), 403, "auth.scope");
        await CallerTests.Refused(await theirs.GetAsync(Self(webhook)), 404, "not_found");
        await CallerTests.Refused(await theirs.GetAsync($"{Self(webhook)}/deliveries"), 404, "not_found");
        await CallerTests.Refused(await theirs.DeleteAsync(Self(webhook)), 404, "not_found");
        await Change(service, b);
        var own = await Change(service, a);
        await Logged(mine, webhook, [(DeliveryStatus.Delivered, 1, 204, null)]);
        Assert.Contains(own.ToString(), Encoding.UTF8.GetString(Assert.Single(receiver.Requests).Body));
    }

    [Fact]
    public async Task The_secret_is_shown_once_and_a_deleted_webhook_is_sent_nothing_more()
    {
        await using var receiver = await Receiver.Start((_, context, _) =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        });
        await using var service = await TestService.Start(NoWork, settings: [.. Local, "--Webhooks:FirstRetry=00:00:03"]);
        var (admin, _, tenant) = await service.Client("a", Scopes.Admin);
        var webhook = await Create(admin, receiver.Url);
        Assert.Equal(32, Convert.FromBase64String(webhook.GetProperty("secret").GetString()!["whsec_".Length..]).Length);
        Assert.DoesNotContain("whsec_", await admin.GetStringAsync("/api/v1/webhooks"));
        Assert.DoesNotContain("whsec_", await admin.GetStringAsync(Self(webhook)));

        await Change(service, tenant);
        await UploadHost.Until(async () => (await Deliveries(admin, webhook))[0].Error == DeliveryErrors.Status);
        using var deleted = await admin.DeleteAsync(Self(webhook));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await Change(service, tenant);
        await Task.Delay(4500);
        Assert.Single(receiver.Requests);
        await using var db = service.Database.OpenAsSystem();
        Assert.False(await db.WebhookDeliveries.AnyAsync());
        await CallerTests.Refused(await admin.GetAsync(Self(webhook)), 404, "not_found");
    }

    [Fact]
    public async Task The_log_of_deliveries_comes_in_pages_newest_first()
    {
        await using var receiver = await Receiver.Start();
        await using var service = await TestService.Start(NoWork, settings: Local);
        var (admin, _, tenant) = await service.Client("a", Scopes.Admin);
        var webhook = await Create(admin, receiver.Url);
        for (var i = 0; i < 3; i++)
        {
            await Change(service, tenant);
        }

        var first = await admin.GetFromJsonAsync<JsonElement>($"{Self(webhook)}/deliveries?limit=2");
        var second = await admin.GetFromJsonAsync<JsonElement>($"{Self(webhook)}/deliveries?limit=2&cursor={first.GetProperty("nextCursor").GetString()}");
        Assert.Equal([3, 2, 1], ((JsonElement[])[first, second]).SelectMany(p => p.GetProperty("items").EnumerateArray()).Select(d => d.GetProperty("sequence").GetInt64()));
        Assert.False(second.TryGetProperty("nextCursor", out _));
        await CallerTests.Refused(await admin.GetAsync($"{Self(webhook)}/deliveries?cursor=x"), 400, "request.invalid");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("hospital.example")]
    [InlineData("http://hospital.example/")]
    [InlineData("ftp://hospital.example/")]
    [InlineData("https://user:password@hospital.example/")]
    [InlineData("https://hospital.example/#part")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://localhost/")]
    [InlineData("https://10.1.2.3/")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::ffff:10.1.2.3]/")]
    [InlineData("https://[fd00:ec2::254]/")]
    public async Task An_address_that_must_not_be_called_is_refused_at_once(string? url)
    {
        await using var service = await TestService.Start(NoWork);
        var (admin, _, _) = await service.Client("a", Scopes.Admin);
        await CallerTests.Refused(await admin.PostAsJsonAsync("/api/v1/webhooks", new { url }), 422, "webhook.target");
        Assert.Empty((await admin.GetFromJsonAsync<JsonElement>("/api/v1/webhooks")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Events_that_do_not_exist_and_more_webhooks_than_allowed_are_refused()
    {
        await using var service = await TestService.Start(NoWork, settings: [.. Local, "--Webhooks:MaximumPerTenant=1"]);
        var (admin, _, _) = await service.Client("a", Scopes.Admin);
        const string Url = "http://127.0.0.1:9/";
        foreach (var events in (string[][])[[], ["job.exploded"], [ChangeTypes.JobFailed, ChangeTypes.JobFailed]])
        {
            await CallerTests.Refused(await admin.PostAsJsonAsync("/api/v1/webhooks", new { url = Url, events }), 400, "request.invalid");
        }

        await Create(admin, Url);
        await CallerTests.Refused(await admin.PostAsJsonAsync("/api/v1/webhooks", new { url = Url }), 409, "webhook.limit");
    }
}
