using System.Net;
using System.Net.Http.Json;
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

namespace HemoApi.Tests.Webhooks;

internal static class WebhookCalls
{
    public static readonly string[] Local =
        ["--Webhooks:AllowHttp=true", "--Webhooks:AllowedNetworks:0=127.0.0.0/8", "--Webhooks:FirstRetry=00:00:00.2", "--Jobs:WatchInterval=00:00:01"];

    public static async Task<JsonElement> Create(HttpClient admin, string url, params string[] events)
    {
        using var answer = await admin.PostAsJsonAsync("/api/v1/webhooks", new { url, events = events.Length == 0 ? null : events });
        var webhook = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.StatusCode == HttpStatusCode.Created, webhook.ToString());
        Assert.Equal(Self(webhook), answer.Headers.Location!.OriginalString);
        return webhook;
    }

    public static string Self(JsonElement webhook) => webhook.GetProperty("links").GetProperty("self").GetString()!;

    /// <returns>The study that the change tells of.</returns>
    public static async Task<Guid> Change(TestService service, Tenant tenant)
    {
        var log = service.Services.GetRequiredService<ChangeLog>();
        var study = Guid.NewGuid();
        await using var db = service.Database.OpenAsSystem();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var change = await log.Append(db, tenant.Id, ChangeTypes.StudyDeleted, study, null);
        await transaction.CommitAsync();
        log.Announce(change);
        return study;
    }

    public static async Task<(DeliveryStatus Status, int Attempts, int? Response, string? Error)[]> Deliveries(HttpClient admin, JsonElement webhook)
    {
        var page = await admin.GetFromJsonAsync<DeliveryPage>($"{Self(webhook)}/deliveries", Json.Options);
        return [.. page!.Items.Select(d => (d.Status, d.Attempts, d.ResponseStatus, d.Error))];
    }

    public static async Task Logged(HttpClient admin, JsonElement webhook, (DeliveryStatus, int, int?, string?)[] expected)
    {
        await UploadHost.Until(async () => (await Deliveries(admin, webhook)) is var now && now.Length == expected.Length && now.All(d => d.Status != DeliveryStatus.Pending));
        Assert.Equal(expected, await Deliveries(admin, webhook));
    }

    public static Task<Imaging.Outcome<HemoApi.Results.StoredResult>> NoWork(Guid job, Action<Imaging.PipelineProgress> progress, CancellationToken token) =>
        throw new InvalidOperationException("no work");
}
