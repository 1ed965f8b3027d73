using System.ComponentModel.DataAnnotations;
using System.Net;

namespace HemoApi.Webhooks;

/// <summary>Section <c>Webhooks</c>: where tenants may have themselves told of changes, and how hard it is tried.</summary>
public sealed class WebhooksOptions : IValidatableObject
{
    public const string Section = "Webhooks";

    /// <summary>Whether addresses may be http as well as https. Default: false.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>Networks that may be called although they are not public, e.g. 10.20.0.0/16. Default: none.</summary>
    public string[] AllowedNetworks { get; set; } = [];

    /// <summary>Default: 20.</summary>
    [Range(1, 1000)]
    public int MaximumPerTenant { get; set; } = 20;

    /// <summary>From the connection to the last header of the answer. Default: 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time between the first attempt and the second; four times as much before each further one. Default: 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "01:00:00")]
    public TimeSpan FirstRetry { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Default: 6 hours.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "7.00:00:00")]
    public TimeSpan LongestRetry { get; set; } = TimeSpan.FromHours(6);

    /// <summary>Attempts after which a delivery is given up. Default: 10, which with the other defaults takes a day.</summary>
    [Range(1, 100)]
    public int MaximumAttempts { get; set; } = 10;

    /// <summary>How long deliveries that have ended stay in the log. Default: 30 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan KeepDeliveries { get; set; } = TimeSpan.FromDays(30);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => AllowedNetworks
        .Where(n => !IPNetwork.TryParse(n, out _))
        .Select(n => new ValidationResult($"Webhooks:AllowedNetworks: {n} is no network; write it like 10.20.0.0/16."));

    /// <param name="attempts">That have failed, at least 1.</param>
    internal TimeSpan RetryAfter(int attempts) =>
        TimeSpan.FromTicks((long)Math.Min(LongestRetry.Ticks, FirstRetry.Ticks * Math.Pow(4, attempts - 1)));
}
