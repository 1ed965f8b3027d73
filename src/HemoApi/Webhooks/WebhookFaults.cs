using HemoApi.Imaging;

namespace HemoApi.Webhooks;

/// <summary>Refusals that only webhooks have.</summary>
public static class WebhookFaults
{
    public static Fault NotFound { get; } = new(
        FaultCodes.NotFound,
        "There is no webhook of this id.",
        "Use an id that GET /api/v1/webhooks lists; a webhook is visible only to its own tenant.");

    public static Fault Limit(int maximum) => new(
        FaultCodes.WebhookLimit,
        $"The tenant has {maximum} webhooks, which is all that it may have.",
        "Delete one that is no longer needed.");

    public static Fault Events { get; } = new(
        FaultCodes.RequestInvalid,
        "events names none, one twice, or one that does not exist.",
        $"Name some of {string.Join(", ", Changes.ChangeTypes.All)}; leave events out for all of them.");
}
