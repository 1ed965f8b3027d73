using System.ComponentModel.DataAnnotations;

namespace HemoApi.Housekeeping;

/// <summary>Section <c>Retention</c>: how long studies are kept.</summary>
public sealed class RetentionOptions
{
    public const string Section = "Retention";
    public const int MaximumDays = 36_500;

    /// <summary>Days after its upload that a study is deleted with everything that belongs to it; 0: never. A tenant may have its own
    /// (<c>HemoApi retention</c>, <c>PUT /retention</c>). Default: 0.</summary>
    [Range(0, MaximumDays)]
    public int StudyDays { get; set; }
}
