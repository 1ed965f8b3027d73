using System.ComponentModel.DataAnnotations;

namespace HemoApi.Jobs;

/// <summary>Section <c>Jobs</c>: how segmentations run.</summary>
public sealed class JobsOptions
{
    public const string Section = "Jobs";

    /// <summary>Jobs at once in this process. Default 1: a job uses all cores by itself.</summary>
    [Range(1, 64)]
    public int Workers { get; set; } = 1;

    /// <summary>A job that runs longer fails with <c>job.timeout</c>. Default: 30 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Starts without an end (the process died each time) after which a job is dead-lettered. Default: 3.</summary>
    [Range(1, 20)]
    public int MaximumStarts { get; set; } = 3;

    /// <summary>How often to look for jobs that no one works on. Default: 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Several within a look of the watch, so that a slow one is no death.</summary>
    internal TimeSpan SignOfLifeInterval => WatchInterval / 4;
}
