using HemoApi.Imaging.Evaluation.Statistics;

namespace HemoApi.Imaging.Evaluation.Cohorts;

/// <summary>Measured volumes against those of the reference, ml.</summary>
/// <param name="Difference">Measured − reference.</param>
/// <param name="Icc">Two-way; the agreement form ICC(2,1) is the one to report.</param>
/// <param name="Pearson">Interval by Fisher's z.</param>
/// <param name="Concordance">Lin's.</param>
/// <param name="Wilcoxon">Signed-rank test of the differences.</param>
/// <param name="BlandAltman">Of measured − reference.</param>
/// <param name="PassingBablok">The reference as x, the measured volume as y.</param>
/// <param name="NotComputed">Why what is absent is absent, by its name.</param>
public sealed record VolumeStatistics(
    int Count,
    Summary? Difference,
    IntraclassCorrelation? Icc,
    PearsonCorrelation? Pearson,
    ConcordanceCorrelation? Concordance,
    WilcoxonSignedRank? Wilcoxon,
    BlandAltman? BlandAltman,
    PassingBablok? PassingBablok,
    IReadOnlyDictionary<string, string>? NotComputed)
{
    public static VolumeStatistics Of(double[] measured, double[] reference)
    {
        double[] differences = [.. measured.Zip(reference, (m, r) => m - r)];
        var attempts = new Attempts();
        return new(
            measured.Length,
            attempts.Of("difference", () => Summary.Of(differences)),
            attempts.Of("icc", () => IntraclassCorrelation.Of([measured, reference])),
            attempts.Of("pearson", () => PearsonCorrelation.Of(measured, reference)),
            attempts.Of("concordance", () => ConcordanceCorrelation.Of(measured, reference)),
            attempts.Of("wilcoxon", () => WilcoxonSignedRank.Of(differences)),
            attempts.Of("blandAltman", () => BlandAltman.Of(measured, reference)),
            attempts.Of("passingBablok", () => PassingBablok.Of(reference, measured)),
            attempts.Reasons);
    }
}
