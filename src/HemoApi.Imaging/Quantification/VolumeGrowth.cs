namespace HemoApi.Imaging.Quantification;

/// <summary>How a volume changed from one scan to the next.</summary>
/// <param name="BaselineMl">Planimetric, of the earlier scan.</param>
/// <param name="FollowUpMl">Planimetric, of the later scan.</param>
/// <param name="Interval">Null where one of the volumes has no interval.</param>
public sealed record VolumeGrowth(double BaselineMl, double FollowUpMl, ChangeInterval? Interval)
{
    /// <summary>Expansion is growth by more than this (Dowlatshahi et al. 2011)...</summary>
    public const double ExpansionMl = 6;

    /// <summary>...or by more than this share of the baseline (Brott et al. 1997).</summary>
    public const double ExpansionShare = 0.33;

    public const string ExpansionReference =
        "Brott et al. Early hemorrhage growth in patients with intracerebral hemorrhage. Stroke 1997; 28: 1–5 (over 33 %); "
        + "Dowlatshahi et al. Defining hematoma expansion in intracerebral hemorrhage. Neurology 2011; 76: 1238–1244 (over 6 ml or over 33 %)";

    public double AbsoluteMl => FollowUpMl - BaselineMl;

    /// <summary>Of the baseline; null where it is 0.</summary>
    public double? RelativeShare => BaselineMl > 0 ? AbsoluteMl / BaselineMl : null;

    public bool IsOver6Ml => AbsoluteMl > ExpansionMl;

    /// <summary>Null where the baseline is 0.</summary>
    public bool? IsOver33Percent => RelativeShare is { } share ? share > ExpansionShare : null;

    public bool IsExpansion => IsOver6Ml || IsOver33Percent == true;
}

/// <summary>What a change can be, given what each of the two volumes can be.</summary>
/// <param name="LowMl">Lower end of the 95 % interval of the change.</param>
/// <param name="HighMl">Upper end.</param>
public sealed record ChangeInterval(double LowMl, double HighMl)
{
    /// <summary>0 is no change that the measurements allow.</summary>
    public bool IsSignificant => LowMl > 0 || HighMl < 0;

    /// <summary>From the two volumes' own intervals, which need not be symmetric: MOVER (Zou and Donner, Stat Med 2008; 27: 1693–1702). The errors of the two
    /// scans are taken as independent; a model that is wrong on one in the same way as on the other makes the interval too wide, not too narrow.</summary>
    public static ChangeInterval Of(double baselineMl, (double LowMl, double HighMl) baseline, double followUpMl, (double LowMl, double HighMl) followUp)
    {
        var change = followUpMl - baselineMl;
        static double Root(double a, double b) => Math.Sqrt((a * a) + (b * b));
        return new(
            change - Root(followUpMl - followUp.LowMl, baseline.HighMl - baselineMl),
            change + Root(followUp.HighMl - followUpMl, baselineMl - baseline.LowMl));
    }
}
