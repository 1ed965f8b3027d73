using HemoApi.Imaging;

namespace HemoApi.Storage;

/// <summary>The truth about one segmentation; Hangfire only runs it.</summary>
public sealed class Job : ITenantOwned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid TenantId { get; init; }

    public required Guid StudyId { get; init; }

    public Study? Study { get; init; }

    public JobStatus Status { get; set; } = JobStatus.Queued;

    public required JobPriority Priority { get; init; }

    /// <summary>The model asked for; null is the service's default.</summary>
    public required string? ModelId { get; init; }

    /// <summary>The series asked for; null lets the service choose.</summary>
    public required string? SeriesInstanceUid { get; init; }

    /// <summary>One of <see cref="Stages"/> while running.</summary>
    public string? Stage { get; set; }

    /// <summary>0 to 1.</summary>
    public double Progress { get; set; }

    /// <summary>Starts in all.</summary>
    public int Attempts { get; set; }

    /// <summary>Starts since the last orderly end; a job that reaches the limit takes its worker down and is dead-lettered.</summary>
    public int StartsWithoutEnd { get; set; }

    public string? ErrorCode { get; set; }

    public string? ErrorDetail { get; set; }

    public string? ErrorRemedy { get; set; }

    public bool CancelRequested { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last joined the queue; the order within a priority.</summary>
    public required DateTimeOffset QueuedAt { get; set; }

    /// <summary>The last sign of life of the process that runs it. Compared for change alone: clocks of processes differ.</summary>
    public DateTimeOffset? SeenAt { get; set; }

    /// <summary>What Hangfire calls it: where it was last handed over.</summary>
    public string? QueueTicket { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    public IReadOnlyDictionary<string, double> StageSeconds { get; set; } = new Dictionary<string, double>();
}

public enum JobStatus
{
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,
    DeadLettered,
}

/// <summary>Stat jobs run before routine ones.</summary>
public enum JobPriority
{
    Routine,
    Stat,
}
