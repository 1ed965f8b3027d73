namespace HemoApi.Storage;

/// <summary>What the row of every kind of work holds that waits in a queue: the row is the truth about it, Hangfire only runs it.</summary>
public abstract class QueuedWork : ITenantOwned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid TenantId { get; init; }

    public JobStatus Status { get; set; } = JobStatus.Queued;

    /// <summary>0 to 1.</summary>
    public double Progress { get; set; }

    /// <summary>Starts in all; the number of the last one says which run may write the row.</summary>
    public int Attempts { get; set; }

    /// <summary>Starts since the last orderly end; work that reaches the limit takes its worker down and is dead-lettered.</summary>
    public int StartsWithoutEnd { get; set; }

    public string? ErrorCode { get; set; }

    public string? ErrorDetail { get; set; }

    public string? ErrorRemedy { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The last sign of life of the process that runs it. Compared for change alone: clocks of processes differ.</summary>
    public DateTimeOffset? SeenAt { get; set; }

    /// <summary>What Hangfire calls it: where it was last handed over.</summary>
    public string? QueueTicket { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }
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
