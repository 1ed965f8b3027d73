using HemoApi.Storage;

namespace HemoApi.Changes;

/// <summary>What can change. Part of the contract: add, never change.</summary>
public static class ChangeTypes
{
    /// <summary>A study was stored and its job queued.</summary>
    public const string StudyCreated = "study.created";

    /// <summary>A study was deleted with everything that belonged to it; an unfinished job of it ended as well.</summary>
    public const string StudyDeleted = "study.deleted";

    /// <summary>A job waits again: it was retried, or its run was broken off.</summary>
    public const string JobQueued = "job.queued";

    public const string JobRunning = "job.running";
    public const string JobSucceeded = "job.succeeded";
    public const string JobFailed = "job.failed";
    public const string JobCancelled = "job.cancelled";
    public const string JobDeadLettered = "job.deadLettered";

    public static IReadOnlyList<string> All { get; } =
        [StudyCreated, StudyDeleted, JobQueued, JobRunning, JobSucceeded, JobFailed, JobCancelled, JobDeadLettered];

    public static string Of(JobStatus status) => status switch
    {
        JobStatus.Queued => JobQueued,
        JobStatus.Running => JobRunning,
        JobStatus.Succeeded => JobSucceeded,
        JobStatus.Failed => JobFailed,
        JobStatus.Cancelled => JobCancelled,
        JobStatus.DeadLettered => JobDeadLettered,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };
}
