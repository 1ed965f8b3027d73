using HemoApi.Storage;

namespace HemoApi.Webhooks;

/// <param name="Url">Where to send; https.</param>
/// <param name="Events">What to tell of: types of changes; all where absent.</param>
public sealed record WebhookRequest(string? Url, IReadOnlyList<string>? Events = null);

/// <summary>An address that is told of changes.</summary>
/// <param name="Events">Types of changes that it is told of.</param>
/// <param name="Secret">What its deliveries are signed with; only in the answer that made it.</param>
/// <param name="FailuresInARow">Attempts that failed since the last one that did not.</param>
public sealed record WebhookDocument(
    Guid WebhookId, string Url, IReadOnlyList<string> Events, string? Secret, int FailuresInARow, DateTimeOffset CreatedAt, WebhookLinks Links)
{
    public static WebhookDocument Of(Webhook webhook, bool showSecret = false) => new(
        webhook.Id,
        webhook.Url,
        webhook.Events,
        showSecret ? WebhookSignature.Show(webhook.Secret) : null,
        webhook.FailuresInARow,
        webhook.CreatedAt,
        WebhookLinks.Of(webhook.Id));
}

public sealed record WebhookLinks(string Self, string Deliveries)
{
    public static WebhookLinks Of(Guid id) => new($"/api/v1/webhooks/{id}", $"/api/v1/webhooks/{id}/deliveries");
}

public sealed record WebhookList(IReadOnlyList<WebhookDocument> Items);

/// <summary>One change on its way to one webhook.</summary>
/// <param name="DeliveryId">The message's id, header `webhook-id`: the same at each attempt.</param>
/// <param name="Sequence">Of the change in the feed.</param>
/// <param name="Status">pending, delivered, or givenUp after the last attempt.</param>
/// <param name="NextAttemptAt">Only while pending.</param>
/// <param name="ResponseStatus">HTTP status of the last answer; absent where there was none.</param>
/// <param name="Error">Why the last attempt failed: response.status, response.timeout, connection.failed, name.unresolved or target.forbidden.</param>
public sealed record DeliveryDocument(
    Guid DeliveryId,
    long Sequence,
    string Type,
    DeliveryStatus Status,
    int Attempts,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastAttemptAt,
    DateTimeOffset? NextAttemptAt,
    int? ResponseStatus,
    string? Error)
{
    public static DeliveryDocument Of(WebhookDelivery delivery, string type) => new(
        delivery.Id,
        delivery.Sequence,
        type,
        delivery.Status,
        delivery.Attempts,
        delivery.CreatedAt,
        delivery.LastAttemptAt,
        delivery.Status == DeliveryStatus.Pending ? delivery.DueAt : null,
        delivery.ResponseStatus,
        delivery.Error);
}

/// <param name="NextCursor">For the next page; absent on the last one.</param>
public sealed record DeliveryPage(IReadOnlyList<DeliveryDocument> Items, string? NextCursor);
