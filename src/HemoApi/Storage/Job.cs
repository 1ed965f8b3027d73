using HemoApi.Imaging;

namespace HemoApi.Storage;

/// <summary>One segmentation.</summary>
public sealed class Job : QueuedWork
{
    public required Guid StudyId { get; init; }

    public Study? Study { get; init; }

    public required JobPriority Priority { get; init; }

    /// <summary>The model asked for; null is the service's default.</summary>
    public required string? ModelId { get; init; }

    /// <summary>The series asked for; null lets the service choose.</summary>
    public required string? SeriesInstanceUid { get; init; }

    /// <summary>One of <see cref="Stages"/> while running.</summary>
    public string? Stage { get; set; }

    public bool CancelRequested { get; set; }

    /// <summary>When it last joined the queue; the order within a priority and tenant.</summary>
    public required DateTimeOffset QueuedAt { get; set; }

    public IReadOnlyDictionary<string, double> StageSeconds { get; set; } = new Dictionary<string, double>();
}

/// <summary>Stat jobs run before routine ones.</summary>
public enum JobPriority
{
    Routine,
    Stat,
}
