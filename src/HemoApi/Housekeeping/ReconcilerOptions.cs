using System.ComponentModel.DataAnnotations;

namespace HemoApi.Housekeeping;

/// <summary>Section <c>Reconciler</c>: the look for files without rows and rows without files.</summary>
public sealed class ReconcilerOptions
{
    public const string Section = "Reconciler";

    /// <summary>What is younger is left alone: it may be on its way. Default: a day.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Whether the nightly look puts in order what it finds, or only says it. Default: true.</summary>
    public bool Fix { get; set; } = true;
}
