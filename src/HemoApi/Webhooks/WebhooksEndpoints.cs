using Hangfire;
using HemoApi.Audit;
using HemoApi.Hosting;
using HemoApi.Imaging;
using Microsoft.Extensions.Options;

namespace HemoApi.Webhooks;

/// <summary>All of it is for <see cref="Scopes.Admin"/>: a webhook sends what goes on at a tenant out of the house, which is not for the key of a
/// scanner's gateway to decide.</summary>
public static class WebhooksEndpoints
{
    /// <summary>Few, because on PostgreSQL each of them keeps a connection; a receiver that does not answer is soon left to rest.</summary>
    private const int Workers = 2;
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(5);

    public static void AddWebhooks(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<WebhooksOptions>()
            .BindConfiguration(WebhooksOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton<WebhookTargets>();
        builder.Services.AddSingleton<WebhookAddress>();
        builder.Services.AddSingleton<WebhookOutbox>();
        if (HostingOptions.Of(builder.Configuration).RunsJobs)
        {
            builder.Services.AddSingleton<WebhookClient>();
            builder.Services.AddSingleton<DeliveryTransitions>();
            builder.Services.AddTransient<DeliverWebhooksJob>();
            builder.Services.AddHangfireServer((services, server) =>
            {
                var first = services.GetRequiredService<IOptions<WebhooksOptions>>().Value.FirstRetry;
                server.WorkerCount = Workers;
                server.Queues = [WebhookOutbox.Queue];
                server.ServerName = WebhookOutbox.Queue;
                server.ShutdownTimeout = TimeSpan.FromSeconds(15);
                server.SchedulePollingInterval = first < LongestPoll ? first : LongestPoll;
            });
            builder.Services.AddHostedService<WebhookWatch>();
        }
    }

    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        var webhooks = routes.MapGroup("/webhooks").WithTags("Webhooks");

        webhooks.MapPost("", CreateWebhook.Handle)
            .Describe("createWebhook", "Create a webhook", "Has the tenant's changes sent to an https address as they happen: POST, JSON of ids and states, signed as in Standard Webhooks (headers `webhook-id`, `webhook-timestamp`, `webhook-signature`). What is not answered with 2xx is sent again, later and later, under the same `webhook-id`. The secret is shown in this answer only.")
            .Audited("webhook.create")
            .Needs(Scopes.Admin)
            .Refuses(FaultCodes.RequestInvalid, FaultCodes.WebhookLimit, FaultCodes.MediaUnsupported, FaultCodes.WebhookTarget);

        webhooks.MapGet("", ListWebhooks.Handle)
            .Describe("listWebhooks", "List webhooks", "All webhooks of the tenant, without their secrets.")
            .Audited("webhook.list")
            .Needs(Scopes.Admin);

        webhooks.MapGet("/{id:guid}", GetWebhook.Handle)
            .Describe("getWebhook", "Get a webhook", "The webhook, without its secret.")
            .Audited("webhook.read")
            .Needs(Scopes.Admin)
            .Refuses(FaultCodes.NotFound);

        webhooks.MapDelete("/{id:guid}", DeleteWebhook.Handle)
            .Describe("deleteWebhook", "Delete a webhook", "Deletes the webhook with its deliveries; what waits to be sent is not sent any more.")
            .Audited("webhook.delete")
            .Needs(Scopes.Admin)
            .Refuses(FaultCodes.NotFound);

        webhooks.MapGet("/{id:guid}/deliveries", ListDeliveries.Handle)
            .Describe("listDeliveries", "List a webhook's deliveries", "What was sent and what became of it, newest first, a page at a time.")
            .Audited("webhook.deliveries")
            .Needs(Scopes.Admin)
            .Refuses(FaultCodes.RequestInvalid, FaultCodes.NotFound);
    }
}
