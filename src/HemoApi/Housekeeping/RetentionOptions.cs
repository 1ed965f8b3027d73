using System.ComponentModel.DataAnnotations;

namespace HemoApi.Housekeeping;

/// <summary>Section <c>Retention</c>: how long studies are kept.</summary>
public sealed class RetentionOptions
{
    public const string Section = "Retention";

    /// <summary>Days after its upload that a study is deleted with everything that belongs to it; 0: never. A tenant may have its own
    /// (<c>HemoApi retention</c>). Default: 0.</summary>
    [Range(0, 36_500)]
    public int StudyDays { get; set; }
}
