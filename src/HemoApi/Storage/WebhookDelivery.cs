namespace HemoApi.Storage;

/// <summary>One change on its way to one webhook; written in the transaction of the change. The row is the truth about it, Hangfire only
/// runs it.</summary>
public sealed class WebhookDelivery : ITenantOwned
{
    /// <summary>The message's id: the same at each attempt.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid TenantId { get; init; }

    public required Guid WebhookId { get; init; }

    /// <summary>Of the <see cref="Change"/> that it tells of.</summary>
    public required long Sequence { get; init; }

    public DeliveryStatus Status { get; set; } = DeliveryStatus.Pending;

    public int Attempts { get; set; }

    /// <summary>Not to be sent before this time. While it is being sent: when that attempt counts as dead.</summary>
    public required DateTimeOffset DueAt { get; set; }

    public DateTimeOffset? LastAttemptAt { get; set; }

    /// <summary>HTTP status of the last answer; null where there was none.</summary>
    public int? ResponseStatus { get; set; }

    /// <summary>Why the last attempt failed, a word of <see cref="Webhooks.DeliveryErrors"/>; null where it did not.</summary>
    public string? Error { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}

public enum DeliveryStatus
{
    Pending,

    /// <summary>The receiver answered with 2xx.</summary>
    Delivered,

    /// <summary>Every attempt failed.</summary>
    GivenUp,
}
