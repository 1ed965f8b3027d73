using System.Globalization;
using HemoApi.Imaging;
using HemoApi.Storage;

namespace HemoApi.Jobs;

/// <summary>Refusals and errors that only jobs have.</summary>
public static class JobFaults
{
    public static Fault NotFound { get; } = new(
        FaultCodes.NotFound,
        "There is no job of this id.",
        "Use the jobId that the upload answered; a job is visible only to its own tenant.");

    public static Fault Gone { get; } = new(
        FaultCodes.Gone,
        "The job's study was deleted, and the job with it.",
        "Upload the study again if you need its results.");

    public static Fault Timeout(TimeSpan limit) => new(
        FaultCodes.JobTimeout,
        string.Create(CultureInfo.InvariantCulture, $"The job ran longer than the limit of {limit.TotalSeconds:0} s."),
        "Retry the job when the service is less busy, or ask whoever runs it to raise Jobs:Timeout.");

    public static Fault CannotCancel(JobStatus status) => new(
        FaultCodes.JobState,
        $"The job is {Word(status)}, so there is nothing to cancel.",
        "Only queued and running jobs can be cancelled.");

    public static Fault CannotRetry(JobStatus status) => new(
        FaultCodes.JobState,
        $"The job is {Word(status)}.",
        "Only failed, cancelled and deadLettered jobs can be retried.");

    /// <summary>What a surprise in a job is called.</summary>
    public static Fault Of(Exception exception) => exception switch
    {
        OutOfMemoryException => new(
            FaultCodes.InferenceOutOfMemory,
            "The worker ran out of memory.",
            "Retry the job when the service is less busy, or give the worker more memory."),
        BlobMissingException => StorageFaults.Missing,
        _ => new(
            FaultCodes.Internal,
            "The job failed for a reason inside the service.",
            "Retry the job; if it fails again, report its id to whoever runs the service."),
    };

    public static string Word(JobStatus status) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(status.ToString());
}
