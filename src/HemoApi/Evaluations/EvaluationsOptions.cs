using System.ComponentModel.DataAnnotations;

namespace HemoApi.Evaluations;

/// <summary>Section <c>Evaluations</c>.</summary>
public sealed class EvaluationsOptions
{
    public const string Section = "Evaluations";

    /// <summary>Most studies of one evaluation. Default 2000.</summary>
    [Range(1, 5000)]
    public int MaximumStudies { get; set; } = 2000;

    /// <summary>An evaluation that runs longer fails with <c>job.timeout</c>. Default: 12 hours.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromHours(12);
}
