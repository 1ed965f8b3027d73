using System.ComponentModel.DataAnnotations;

namespace HemoApi.Changes;

/// <summary>Section <c>Changes</c>: the feed of what has become of studies and jobs.</summary>
public sealed class ChangesOptions
{
    public const string Section = "Changes";

    /// <summary>Days that a change is kept at least. Default: 90.</summary>
    [Range(1, 36_500)]
    public int KeepDays { get; set; } = 90;
}
