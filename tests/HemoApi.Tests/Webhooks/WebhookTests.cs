using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using HemoApi.Changes;
using HemoApi.Hosting;
using HemoApi.Imaging.Tests;
using HemoApi.Storage;
using HemoApi.Tests.Hosting;
using HemoApi.Tests.Studies;
using HemoApi.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static HemoApi.Tests.Webhooks.WebhookCalls;

namespace HemoApi.Tests.Webhooks;

/// <summary>Deliveries to a real listener, which is on loopback and therefore must be allowed by configuration.</summary>
public sealed class WebhookTests
{
    [Fact]
    public async Task The_end_of_a_job_is_told_in_ids_and_states_and_signed_so_that_another_program_can_verify_it()
    {
        await using var receiver = await Receiver.Start();
        await using var service = await TestService.Start(settings: Local);
        var (client, _, _) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        var (admin, _, _) = await service.Client("a", Scopes.Admin);
        var webhook = await Create(admin, $"{receiver.Url}/hemo", ChangeTypes.JobSucceeded, ChangeTypes.StudyDeleted);
        var (study, job) = await client.Upload(new HeadStudy().Zip());
        await client.JobEnded(job);
        using var deleted = await client.DeleteAsync($"/api/v1/studies/{study}");
        await UploadHost.Until(() => Task.FromResult(receiver.Requests.Count == 2));

        var requests = receiver.Requests.ToArray();
        Assert.All(requests, r => Assert.Equal(("POST /hemo", "application/json"), (r.Line, r.Headers["Content-Type"])));
        var message = JsonDocument.Parse(requests[0].Body).RootElement;
        Assert.Equal(["type", "timestamp", "data"], message.EnumerateObject().Select(p => p.Name));
        Assert.Equal(ChangeTypes.JobSucceeded, message.GetProperty("type").GetString());
        Assert.Equal(["sequence", "studyId", "jobId"], message.GetProperty("data").EnumerateObject().Select(p => p.Name));
        Assert.Equal((3, study, job), (
            message.GetProperty("data").GetProperty("sequence").GetInt64(), message.GetProperty("data").GetProperty("studyId").GetGuid(), message.GetProperty("data").GetProperty("jobId").GetGuid()));
        Assert.Equal(ChangeTypes.StudyDeleted, JsonDocument.Parse(requests[1].Body).RootElement.GetProperty("type").GetString());

        // hmac of Python; the bytes that were sent, the secret as it was shown.
        Assert.All(requests, r => Assert.Equal("verified", ExternalTools.Python(
            """
            import base64, hashlib, hmac, sys
            secret, id, timestamp, body, signature = sys.argv[1:]
            signed = f'{id}.{timestamp}.'.encode() + base64.b64decode(body)
            expected = base64.b64encode(hmac.new(base64.b64decode(secret.removeprefix('whsec_')), signed, hashlib.sha256).digest()).decode()
            print('verified' if hmac.compare_digest('v1,' + expected, signature) else 'forged')
            """,
            webhook.GetProperty("secret").GetString()!,
            r.Headers[WebhookSignature.IdHeader],
            r.Headers[WebhookSignature.TimestampHeader],
            Convert.ToBase64String(r.Body),
            r.Headers[WebhookSignature.SignatureHeader]).Trim()));
        var sent = DateTimeOffset.FromUnixTimeSeconds(long.Parse(requests[0].Headers[WebhookSignature.TimestampHeader], CultureInfo.InvariantCulture));
        Assert.InRange((requests[0].At - sent).TotalSeconds, -1, 60);
        Assert.Equal(2, requests.Select(r => r.Headers[WebhookSignature.IdHeader]).Distinct().Count());
        await Logged(admin, webhook, [(DeliveryStatus.Delivered, 1, 204, null), (DeliveryStatus.Delivered, 1, 204, null)]);
    }

    [Fact]
    public async Task What_is_not_taken_is_sent_again_under_the_same_id_later_and_later()
    {
        await using var receiver = await Receiver.Start((_, context, count) =>
        {
            context.Response.StatusCode = count < 3 ? 500 : 200;
            return Task.CompletedTask;
        });
        await using var service = await TestService.Start(NoWork, settings: Local);
        var (admin, _, tenant) = await service.Client("a", Scopes.Admin);
        var webhook = await Create(admin, receiver.Url);
        await Change(service, tenant);
        await Logged(admin, webhook, [(DeliveryStatus.Delivered, 3, 200, null)]);

        var requests = receiver.Requests.ToArray();
        Assert.Single(requests.Select(r => (r.Headers[WebhookSignature.IdHeader], Convert.ToBase64String(r.Body))).Distinct());
        Assert.InRange((requests[1].At - requests[0].At).TotalSeconds, 0.2, 30);
        Assert.InRange((requests[2].At - requests[1].At).TotalSeconds, 0.8, 30);
        Assert.Equal(0, (await admin.GetFromJsonAsync<JsonElement>(Self(webhook))).GetProperty("failuresInARow").GetInt32());
    }

    [Fact]
    public async Task After_the_last_attempt_a_delivery_is_given_up_and_the_log_says_why()
    {
        await using var receiver = await Receiver.Start((_, context, _) =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        await using var service = await TestService.Start(NoWork, settings: [.. Local, "--Webhooks:MaximumAttempts=2"]);
        var (admin, _, tenant) = await service.Client("a", Scopes.Admin);
        var webhook = await Create(admin, receiver.Url);
        await Change(service, tenant);
        await Logged(admin, webhook, [(DeliveryStatus.GivenUp, 2, 503, DeliveryErrors.Status)]);
        await Task.Delay(1500);
        Assert.Equal(2, receiver.Requests.Count);
    }

    [Fact]
    public async Task Redirects_are_not_followed()
    {
        await using var receiver = await Receiver.Start((_, context, _) =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        });
        await using var service = await TestService.Start(NoWork, settings: [.. Local, "--Webhooks:MaximumAttempts=1"]);
        var (admin, _, tenant) = await service.Client("a", Scopes.Admin);
        var webhook = await Create(admin, $"{receiver.Url}/here");
        await Change(service, tenant);
        await Logged(admin, webhook, [(DeliveryStatus.GivenUp, 1, 307, DeliveryErrors.Status)]);
        Assert.Equal("POST /here", Assert.Single(receiver.Requests).Line);
    }

    [Fact]
    public async Task A_receiver_that_hangs_or_answers_without_end_costs_no_more_than_the_time_limit()
    {
        await using var receiver = await Receiver.Start(async (request, context, _) =>
        {
            if (request.Line == "POST /hangs")
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }

            context.Response.StatusCode = 200;
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(new byte[1 << 16], context.RequestAborted);
            }
        });
        await using var service = await TestService.Start(NoWork, settings: [.. Local, "--Webhooks:MaximumAttempts=1", "--Webhooks:Timeout=00:00:02"]);
        var (admin, _, tenant) = await service.Client("a", Scopes.Admin);
        var (hangs, endless) = (await Create(admin, $"{receiver.Url}/hangs"), await Create(admin, $"{receiver.Url}/endless"));
        await Change(service, tenant);
        await Logged(admin, hangs, [(DeliveryStatus.GivenUp, 1, null, DeliveryErrors.Timeout)]);
        await Logged(admin, endless, [(DeliveryStatus.Delivered, 1, 200, null)]);
    }

    [Fact]
    public async Task A_name_that_leads_inside_only_when_it_is_called_reaches_no_one()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var service = await TestService.Start(NoWork, settings: ["--Webhooks:MaximumAttempts=1", "--Webhooks:AllowHttp=true"]);
        var (admin, _, tenant) = await service.Client("a", Scopes.Admin);

        // As if the name had resolved to another address when the webhook was made.
        var row = new Webhook
        {
            TenantId = tenant.Id,
            Url = $"http://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/",
            Events = ChangeTypes.All,
            Secret = WebhookSignature.NewSecret(),
            CreatedAt = DateTimeOffset.UtcNow,
        };
        await using (var db = service.Database.OpenAsSystem())
        {
            db.Add(row);
            await db.SaveChangesAsync();
        }

        await Change(service, tenant);
        var webhook = await admin.GetFromJsonAsync<JsonElement>($"/api/v1/webhooks/{row.Id}");
        await Logged(admin, webhook, [(DeliveryStatus.GivenUp, 1, null, DeliveryErrors.Target)]);
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task What_was_not_delivered_when_the_process_ended_is_delivered_after_the_next_start()
    {
        int port;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        var service = await TestService.Start(NoWork, settings: [.. Local, "--Webhooks:FirstRetry=00:00:02"]);
        var (admin, _, tenant) = await service.Client("a", Scopes.Admin);
        var webhook = await Create(admin, $"http://127.0.0.1:{port}");
        await Change(service, tenant);
        await UploadHost.Until(async () => (await Deliveries(admin, webhook))[0].Error == DeliveryErrors.Connection);
        var folder = await service.Stop();

        await using var receiver = await Receiver.Start(port: port);
        await using var next = await TestService.Start(NoWork, folder, settings: Local);
        await UploadHost.Until(() => Task.FromResult(!receiver.Requests.IsEmpty));
        await using var db = next.Database.OpenAsSystem();
        await UploadHost.Until(() => db.WebhookDeliveries.AllAsync(d => d.Status == DeliveryStatus.Delivered));
        Assert.Equal(await db.WebhookDeliveries.Select(d => d.Id.ToString()).SingleAsync(), Assert.Single(receiver.Requests).Headers[WebhookSignature.IdHeader], ignoreCase: true);
    }
}
