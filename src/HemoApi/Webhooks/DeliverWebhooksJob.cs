using Hangfire;
using HemoApi.Hosting;
using HemoApi.Storage;

namespace HemoApi.Webhooks;

/// <summary>Sends what is due until nothing is. Running once too often does no harm: a delivery is taken by one run at a time.</summary>
public sealed class DeliverWebhooksJob(DeliveryTransitions deliveries, WebhookClient client, WebhookOutbox outbox, HemoMetrics metrics)
{
    [Queue(WebhookOutbox.Queue)]
    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
    public async Task Run(CancellationToken shutdown)
    {
        while (!shutdown.IsCancellationRequested && await deliveries.TakeNext(shutdown) is { } dispatch)
        {
            await Send(dispatch, shutdown);
        }
    }

    private async Task Send(Dispatch dispatch, CancellationToken shutdown)
    {
        Attempt attempt;
        try
        {
            attempt = await client.Send(dispatch.Webhook, dispatch.DeliveryId, dispatch.Body, shutdown);
        }
        catch (OperationCanceledException) when (shutdown.IsCancellationRequested)
        {
            await deliveries.GiveBack(dispatch);
            return;
        }

        metrics.WebhookAttempt(attempt.Error);
        if (await deliveries.End(dispatch, attempt) is { } retry)
        {
            outbox.Send(retry);
        }
    }
}
