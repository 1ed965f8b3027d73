using HemoApi.Imaging;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Quantification;
using HemoApi.Imaging.Registration;

namespace HemoApi.Results;

/// <summary>Two studies of one patient, measured by the same model. Volumes in ml; facts, no advice.</summary>
/// <param name="Baseline">The earlier study.</param>
/// <param name="FollowUp">The later study.</param>
/// <param name="HoursBetween">From the baseline's study date and time to the follow-up's; absent where one is not kept.</param>
/// <param name="Model">That measured both.</param>
/// <param name="Growth">One entry for each type.</param>
/// <param name="TotalGrowth">Of all types together.</param>
/// <param name="Registration">How the two heads lie to each other, by their skulls; absent where a scan shows too little of it.</param>
/// <param name="Lesions">Every lesion of both studies, matched by place; absent where the registration is not reliable.</param>
/// <param name="Warnings">What the reader must know about this comparison.</param>
public sealed record ComparisonDocument(
    ComparedStudyDocument Baseline,
    ComparedStudyDocument FollowUp,
    double? HoursBetween,
    ModelReference Model,
    IReadOnlyList<TypeGrowthDocument> Growth,
    GrowthDocument TotalGrowth,
    RegistrationDocument? Registration,
    IReadOnlyList<LesionGrowthDocument>? Lesions,
    IReadOnlyList<ResultWarning> Warnings)
{
    public static ComparisonDocument Of(ComparedStudy baseline, ComparedStudy followUp, HeadAlignment alignment, IReadOnlyList<ResultWarning> warnings)
    {
        VolumeDocument Volume(ComparedStudy study, HemorrhageType type) => study.Results.Volumes.Single(v => v.Type == type.Code());
        VolumeDocument[] Volumes(ComparedStudy study) => [.. HemorrhageTypes.All.Select(type => Volume(study, type))];
        return new(
            ComparedStudyDocument.Of(baseline),
            ComparedStudyDocument.Of(followUp),
            (followUp.Study.StudyDateTime - baseline.Study.StudyDateTime)?.TotalHours,
            followUp.Results.Model,
            [.. HemorrhageTypes.All.Select(type => TypeGrowthDocument.Of(type, MeasuredGrowth.Of([Volume(baseline, type)], [Volume(followUp, type)])))],
            GrowthDocument.Of(MeasuredGrowth.Of(Volumes(baseline), Volumes(followUp))),
            alignment.Registration is { } registration ? RegistrationDocument.Of(registration) : null,
            alignment.Lesions is { } lesions ? [.. lesions.Select(LesionGrowthDocument.Of)] : null,
            warnings);
    }
}

/// <param name="StudyDateTime">As the scanner wrote it, or as the identity profile keeps it.</param>
public sealed record ComparedStudyDocument(Guid StudyId, Guid JobId, DateTime? StudyDateTime)
{
    public static ComparedStudyDocument Of(ComparedStudy study) => new(study.Study.Id, study.Results.JobId, study.Study.StudyDateTime);
}

/// <param name="AbsoluteMl">Follow-up minus baseline.</param>
/// <param name="RelativePercent">Of the baseline; absent where it is 0.</param>
/// <param name="Interval">Absent where a volume has no interval of its own.</param>
public sealed record GrowthDocument(double BaselineMl, double FollowUpMl, double AbsoluteMl, double? RelativePercent, ChangeIntervalDocument? Interval)
{
    public static GrowthDocument Of(VolumeGrowth growth) => new(
        growth.BaselineMl,
        growth.FollowUpMl,
        growth.AbsoluteMl,
        100 * growth.RelativeShare,
        growth.Interval is { } interval ? new(interval.LowMl, interval.HighMl, interval.IsSignificant) : null);
}

/// <summary>95 % interval of the change, from the two volumes' own intervals (MOVER, Zou and Donner 2008): of the network's probabilities and of partial
/// volume the wider at each end.</summary>
/// <param name="Significant">The interval does not hold 0.</param>
public sealed record ChangeIntervalDocument(double LowMl, double HighMl, bool Significant);

/// <param name="Type">ICH, EDH or SDH.</param>
public sealed record TypeGrowthDocument(string Type, GrowthDocument Growth, ExpansionDocument Expansion)
{
    public static TypeGrowthDocument Of(HemorrhageType type, VolumeGrowth growth) => new(type.Code(), GrowthDocument.Of(growth), ExpansionDocument.Of(type, growth));
}

/// <summary>Published definitions of hematoma expansion held against the growth.</summary>
/// <param name="Over6Ml">Growth by more than 6 ml.</param>
/// <param name="Over33Percent">Growth by more than 33 % of the baseline; absent where that is 0.</param>
/// <param name="Expanded">One of the two.</param>
/// <param name="PublishedForType">The definitions were published for intracerebral hemorrhage; for EDH and SDH they are only computed.</param>
/// <param name="Reference">Where they were published.</param>
public sealed record ExpansionDocument(bool Over6Ml, bool? Over33Percent, bool Expanded, bool PublishedForType, string Reference)
{
    public static ExpansionDocument Of(HemorrhageType type, VolumeGrowth growth) => new(
        growth.IsOver6Ml, growth.IsOver33Percent, growth.IsExpansion, type == HemorrhageType.Ich, VolumeGrowth.ExpansionReference);
}

/// <param name="FollowUpToBaselineLps">4 × 4 matrix, row-major: takes a point of the follow-up (x, y, z, 1), LPS mm, to the same place of the head in the baseline.</param>
/// <param name="AngleDegrees">How far the head is turned from one scan to the other.</param>
/// <param name="RmsMm">Root mean square distance of the two skulls' surfaces.</param>
/// <param name="OverlapShare">Share of the skull that finds its counterpart in the other scan within 2 mm, 0 to 1; of the scan that finds less.</param>
/// <param name="SdMm">Standard error of the place of a point of the skull (jackknife over octants).</param>
/// <param name="Reason">Why it is not reliable.</param>
public sealed record RegistrationDocument(double[][] FollowUpToBaselineLps, double AngleDegrees, double RmsMm, double OverlapShare, double SdMm, bool Reliable, string? Reason)
{
    public static RegistrationDocument Of(SkullRegistration r) => new(
        r.FollowUpToBaseline.ToMatrix(), r.FollowUpToBaseline.AngleDegrees, r.RmsMm, r.OverlapShare, r.SdMm, r.IsReliable, r.UnreliableBecause);
}

/// <param name="BaselineLesionIds">Empty where the lesion is new; several where they have merged.</param>
/// <param name="FollowUpLesionIds">Empty where nothing is left of it; several where it has fallen apart.</param>
/// <param name="AbsoluteMl">Follow-up minus baseline.</param>
/// <param name="RelativePercent">Of the baseline; absent where it is 0.</param>
public sealed record LesionGrowthDocument(
    string Type, IReadOnlyList<int> BaselineLesionIds, IReadOnlyList<int> FollowUpLesionIds, double BaselineMl, double FollowUpMl, double AbsoluteMl, double? RelativePercent)
{
    public static LesionGrowthDocument Of(MatchedLesions lesions)
    {
        var growth = new VolumeGrowth(lesions.BaselineMl, lesions.FollowUpMl, null);
        return new(
            lesions.Type.Code(), lesions.BaselineIds, lesions.FollowUpIds, lesions.BaselineMl, lesions.FollowUpMl, growth.AbsoluteMl, 100 * growth.RelativeShare);
    }
}
