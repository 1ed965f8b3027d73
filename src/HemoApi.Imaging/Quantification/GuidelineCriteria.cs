using HemoApi.Imaging.Masks;

namespace HemoApi.Imaging.Quantification;

/// <summary>A published threshold held against a measurement: a fact about a number, no advice.</summary>
/// <param name="Code">Stable.</param>
/// <param name="LesionId">The lesion that was measured; null where all lesions of the type are taken together.</param>
/// <param name="Quantity">What was measured: <c>volumeMl</c> or <c>maximalThicknessMm</c>.</param>
/// <param name="Value">In the quantity's unit; null where it could not be measured.</param>
/// <param name="Comparison">How value and threshold are compared: <c>atLeast</c> or <c>over</c>.</param>
/// <param name="Met">Null where the value could not be measured.</param>
/// <param name="Experimental">The measurement is not validated.</param>
/// <param name="Reference">Where the threshold was published.</param>
public sealed record GuidelineCriterion(
    string Code,
    HemorrhageType Type,
    int? LesionId,
    string Quantity,
    double? Value,
    string Comparison,
    double Threshold,
    bool? Met,
    bool Experimental,
    string Reference);

public static class GuidelineCriteria
{
    /// <summary>From here on a volume scores a point (Hemphill et al. 2001).</summary>
    public const double IchScoreVolumeMl = 30;

    public const string IchScoreReference = "Hemphill et al. The ICH score. Stroke 2001; 32: 891–897";

    private const string EdhReference = "Bullock et al. Surgical management of acute epidural hematomas. Neurosurgery 2006; 58 (3 Suppl): S7–S15";
    private const string SdhReference = "Bullock et al. Surgical management of acute subdural hematomas. Neurosurgery 2006; 58 (3 Suppl): S16–S24";
    private const double EdhVolumeMl = 30;
    private const double EdhThicknessMm = 15;
    private const double SdhThicknessMm = 10;
    private const string Volume = "volumeMl";
    private const string Thickness = "maximalThicknessMm";
    private const string AtLeast = "atLeast";
    private const string Over = "over";

    /// <returns>The criteria of the types that were found; empty where nothing was. The ICH volume is that of all lesions together, as the
    /// score takes it; an extradural or subdural criterion is about one hematoma, the largest or the thickest.</returns>
    public static IReadOnlyList<GuidelineCriterion> Of(Quantities quantities)
    {
        List<GuidelineCriterion> facts = [];
        var byType = quantities.Lesions.ToLookup(lesion => lesion.Type);
        if (byType[HemorrhageType.Ich].Any())
        {
            var total = quantities.Volumes.Single(v => v.Type == HemorrhageType.Ich).VolumeMl;
            facts.Add(new("ich.volume", HemorrhageType.Ich, null, Volume, total, AtLeast, IchScoreVolumeMl, total >= IchScoreVolumeMl, Experimental: false, IchScoreReference));
        }

        if (byType[HemorrhageType.Edh].MaxBy(lesion => lesion.VolumeMl) is { } largest)
        {
            facts.Add(new("edh.volume", HemorrhageType.Edh, largest.Id, Volume, largest.VolumeMl, Over, EdhVolumeMl, largest.VolumeMl > EdhVolumeMl, Experimental: false, EdhReference));
            facts.Add(OfThickness("edh.thickness", byType[HemorrhageType.Edh], EdhThicknessMm, EdhReference));
        }

        if (byType[HemorrhageType.Sdh].Any())
        {
            facts.Add(OfThickness("sdh.thickness", byType[HemorrhageType.Sdh], SdhThicknessMm, SdhReference));
        }

        return facts;
    }

    private static GuidelineCriterion OfThickness(string code, IEnumerable<Lesion> lesions, double thresholdMm, string reference)
    {
        var thickest = lesions.MaxBy(lesion => lesion.MaximalThicknessMm ?? -1)!;
        var mm = thickest.MaximalThicknessMm;
        return new(
            code, thickest.Type, mm is null ? null : thickest.Id, Thickness, mm, Over, thresholdMm, mm is null ? null : mm > thresholdMm, Experimental: true, reference);
    }
}
