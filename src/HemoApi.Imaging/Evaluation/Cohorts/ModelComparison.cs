using HemoApi.Imaging.Evaluation.Statistics;
using HemoApi.Imaging.Masks;

namespace HemoApi.Imaging.Evaluation.Cohorts;

/// <summary>Two models on the same cases against the same reference, for one type.</summary>
/// <param name="Cases">In which one of the models or the reference holds the type.</param>
/// <param name="Dice">Dice of the second − Dice of the first, over cases where both have one.</param>
/// <param name="AbsoluteError">|volume − reference| of the second − that of the first, ml: below 0 where the second is nearer.</param>
/// <param name="Volume">Volume of the second − volume of the first, ml.</param>
public sealed record ModelComparison(string Type, int Cases, PairedDifference Dice, PairedDifference AbsoluteError, PairedDifference Volume)
{
    /// <param name="cases">Each case by the first and by the second model.</param>
    public static ModelComparison Of(HemorrhageType type, IReadOnlyList<(CaseComparison First, CaseComparison Second)> cases)
    {
        TypeComparison Own(CaseComparison c) => c.Types.Single(t => t.Type == type);
        List<(TypeAgreement First, TypeAgreement Second)> held =
        [
            .. cases.Select(c => (First: Own(c.First), Second: Own(c.Second))).Where(c => !c.First.IsEmpty || !c.Second.IsEmpty)
                .Select(c => (c.First.Agreement, c.Second.Agreement)),
        ];
        return new(
            type.Code(),
            held.Count,
            PairedDifference.Of(held.Where(c => c is { First.Dice: not null, Second.Dice: not null }).Select(c => c.Second.Dice!.Value - c.First.Dice!.Value)),
            PairedDifference.Of(held.Select(c => Math.Abs(c.Second.DifferenceMl) - Math.Abs(c.First.DifferenceMl))),
            PairedDifference.Of(held.Select(c => c.Second.VolumeMl - c.First.VolumeMl)));
    }
}

/// <param name="Difference">Mean, SD and median with bootstrap intervals.</param>
/// <param name="Wilcoxon">Signed-rank test of no difference; absent where there is no case.</param>
public sealed record PairedDifference(MetricSummary Difference, WilcoxonSignedRank? Wilcoxon)
{
    public static PairedDifference Of(IEnumerable<double> differences)
    {
        double[] all = [.. differences];
        return new(MetricSummary.Of(all.Select(d => (double?)d)), all.Length == 0 ? null : WilcoxonSignedRank.Of(all));
    }
}
