using System.Text.Json;
using HemoApi.Hosting;
using HemoApi.Storage;

namespace HemoApi.Webhooks;

/// <summary>The body of a delivery: ids and states, nothing of a patient.</summary>
/// <param name="Type">As in the feed of changes.</param>
/// <param name="Timestamp">When it happened.</param>
public sealed record WebhookMessage(string Type, DateTimeOffset Timestamp, WebhookMessageData Data)
{
    public static WebhookMessage Of(Change change) => new(change.Type, change.At, new WebhookMessageData(change.Sequence, change.StudyId, change.JobId));

    /// <summary>UTF-8; the same bytes at each attempt, because a change is never altered.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Json.Options);
}

/// <param name="Sequence">Of the change in the feed. Deliveries may overtake each other: this is their order.</param>
/// <param name="JobId">Absent where it concerns the study as a whole.</param>
public sealed record WebhookMessageData(long Sequence, Guid StudyId, Guid? JobId);
