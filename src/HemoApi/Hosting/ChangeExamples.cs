using HemoApi.Changes;
using HemoApi.Storage;
using HemoApi.Webhooks;

namespace HemoApi.Hosting;

/// <summary>Examples of changes and webhooks in the API document.</summary>
internal static class ChangeExamples
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 8, 15, 0, TimeSpan.Zero);

    public static ChangePage Page() => new(
        [
            Change(41, ChangeTypes.StudyCreated, 0),
            Change(42, ChangeTypes.JobRunning, 1),
            Change(43, ChangeTypes.JobSucceeded, 9),
        ],
        "43",
        HasMore: false);

    public static WebhookDocument Webhook(bool showSecret) => WebhookDocument.Of(
        new Webhook
        {
            Id = Guid.Parse("0199a5c1-3d6e-7a90-b1c4-5f7e8d9a0b12"),
            TenantId = Guid.Empty,
            Url = "https://hospital.example/hemo",
            Events = [ChangeTypes.JobSucceeded, ChangeTypes.JobFailed],
            Secret = [.. Enumerable.Range(1, 32).Select(i => (byte)i)],
            CreatedAt = Now,
        },
        showSecret);

    public static DeliveryPage Deliveries() => new(
        [DeliveryDocument.Of(
            new WebhookDelivery
            {
                Id = Guid.Parse("0199a5c2-9f10-7b33-8d21-6a5b4c3d2e1f"),
                TenantId = Guid.Empty,
                WebhookId = Guid.Empty,
                Sequence = 43,
                Status = DeliveryStatus.Delivered,
                Attempts = 1,
                DueAt = Now.AddSeconds(9),
                CreatedAt = Now.AddSeconds(9),
                LastAttemptAt = Now.AddSeconds(9),
                ResponseStatus = 204,
            },
            ChangeTypes.JobSucceeded)],
        null);

    private static ChangeDocument Change(long sequence, string type, int seconds) => ChangeDocument.Of(new Change
    {
        TenantId = Guid.Empty,
        Sequence = sequence,
        Type = type,
        StudyId = ApiExamples.StudyId,
        JobId = ApiExamples.JobId,
        At = Now.AddSeconds(seconds),
    });
}
