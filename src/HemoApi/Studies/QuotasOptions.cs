using System.ComponentModel.DataAnnotations;

namespace HemoApi.Studies;

/// <summary>Section <c>Quotas</c>: how much a tenant, and all of them together, may ask of the service. Tenants that need other limits are
/// named in <see cref="Tenants"/>: whoever grants more capacity is who runs the service and its configuration, and a restart applies it.</summary>
public sealed class QuotasOptions : IValidatableObject
{
    public const string Section = "Quotas";

    /// <summary>Studies that a tenant may have accepted within any hour. Default: 1000.</summary>
    [Range(1, 10_000_000)]
    public int StudiesPerHour { get; set; } = 1000;

    /// <summary>Bytes of uploads, as they were sent, and of reference masks that a tenant may have kept. Default: 1 TiB.</summary>
    [Range(1, long.MaxValue / 100)]
    public long StoredBytes { get; set; } = 1L << 40;

    /// <summary>Jobs of a tenant that may wait at once. Default: 5000.</summary>
    [Range(1, 10_000_000)]
    public int WaitingJobs { get; set; } = 5000;

    /// <summary>Jobs of all tenants that may wait at once. Default: 20,000.</summary>
    [Range(1, 100_000_000)]
    public int QueueLength { get; set; } = 20_000;

    /// <summary>How far beyond each of these limits stat studies may go, as a share of it. Default: 0.25.</summary>
    [Range(0.0, 10.0)]
    public double StatHeadroom { get; set; } = 0.25;

    /// <summary>Other limits for single tenants, by name; what is absent there is as for all.</summary>
    public Dictionary<string, TenantQuotas> Tenants { get; set; } = new(StringComparer.Ordinal);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Tenants
        .Where(t => t.Value is { StudiesPerHour: < 0 } or { StoredBytes: < 0 or > long.MaxValue / 100 } or { WaitingJobs: < 0 })
        .Select(t => new ValidationResult($"Quotas:Tenants:{t.Key}: limits are 0 or more."));
}

/// <summary>Null is the limit that holds for all.</summary>
public sealed class TenantQuotas
{
    public int? StudiesPerHour { get; set; }

    public long? StoredBytes { get; set; }

    public int? WaitingJobs { get; set; }
}
