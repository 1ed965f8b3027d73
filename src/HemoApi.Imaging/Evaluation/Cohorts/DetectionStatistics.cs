using HemoApi.Imaging.Evaluation.Statistics;

namespace HemoApi.Imaging.Evaluation.Cohorts;

/// <summary>Whether hemorrhage is found at all.</summary>
/// <param name="Sensitivity">Share of the cases with hemorrhage in the reference in which the model found some; Wilson's interval.</param>
/// <param name="Specificity">Share of the cases without in which it found none.</param>
/// <param name="Roc">By the volume that the model measured.</param>
/// <param name="RocByProbability">By the highest probability of the type in any lesion that the model found; 0 where it found none. Lesions under its
/// threshold are not known, so beyond its operating point the curve is a straight line, and so is that of <paramref name="Roc"/>.</param>
/// <param name="Froc">By lesion: a connected lesion of the model hits the reference's lesion of the same type that it shares most voxels
/// with; its volume is the score. Lesions of the reference under <see cref="LeastLesionMl"/> are neither to be found nor false to find.</param>
/// <param name="FrocByProbability">As <paramref name="Froc"/>, the highest probability of the type in the lesion being the score. Both end at the model's
/// operating point.</param>
/// <param name="NotComputed">Why what is absent is absent, by its name.</param>
public sealed record DetectionStatistics(
    Proportion? Sensitivity,
    Proportion? Specificity,
    RocCurve? Roc,
    RocCurve? RocByProbability,
    FrocCurve? Froc,
    FrocCurve? FrocByProbability,
    IReadOnlyDictionary<string, string>? NotComputed)
{
    /// <summary>Smaller connected parts of a reference are crumbs that partial volume leaves of a thin collection.</summary>
    public const double LeastLesionMl = 0.1;

    /// <param name="cases">For each case, its types that count as one hemorrhage.</param>
    public static DetectionStatistics Of(IReadOnlyList<IReadOnlyList<TypeComparison>> cases)
    {
        var known = cases.ToLookup(c => c.Any(t => t.Agreement.ReferenceVolumeMl > 0));
        double[] VolumesMl(bool isPositive) => [.. known[isPositive].Select(c => c.Sum(t => t.Agreement.VolumeMl))];
        double[] Probabilities(bool isPositive) => [.. known[isPositive].Select(c => c.Max(t => t.MaximumProbability) ?? 0)];
        var (positives, negatives) = (VolumesMl(true), VolumesMl(false));
        var attempts = new Attempts();
        return new(
            attempts.Of("sensitivity", () => Share(positives.Count(ml => ml > 0), positives.Length, "no case has hemorrhage in the reference")),
            attempts.Of("specificity", () => Share(negatives.Count(ml => ml == 0), negatives.Length, "every case has hemorrhage in the reference")),
            attempts.Of("roc", () => RocCurve.Of(positives, negatives)),
            attempts.Of("rocByProbability", () =>
            {
                RequireProbabilities(cases);
                return RocCurve.Of(Probabilities(true), Probabilities(false));
            }),
            attempts.Of("froc", () => Lesions(cases, lesion => lesion.VolumeMl)),
            attempts.Of("frocByProbability", () =>
            {
                RequireProbabilities(cases);
                return Lesions(cases, lesion => lesion.MaximumProbability!.Value);
            }),
            attempts.Reasons);
    }

    private static Proportion Share(int hits, int count, string reason) =>
        count == 0 ? throw new ArgumentException(reason) : Proportion.Of(hits, count);

    private static void RequireProbabilities(IReadOnlyList<IReadOnlyList<TypeComparison>> cases)
    {
        List<FoundLesion> lesions = [.. cases.SelectMany(c => c).SelectMany(t => t.Lesions)];
        if (lesions.Count(l => l.MaximumProbability is null) is > 0 and var unknown)
        {
            throw new ArgumentException($"the probability of {unknown} of the model's {lesions.Count} lesions is not known: those results were stored before it was kept");
        }
    }

    private static FrocCurve Lesions(IReadOnlyList<IReadOnlyList<TypeComparison>> cases, Func<FoundLesion, double> score)
    {
        var findings = new List<FrocFinding>();
        var lesions = 0;
        for (var scan = 0; scan < cases.Count; scan++)
        {
            var before = 0;
            foreach (var type in cases[scan])
            {
                bool Counts(int lesion) => type.ReferenceLesionsMl[lesion] >= LeastLesionMl;
                findings.AddRange(type.Lesions
                    .Where(lesion => lesion.Hits is not { } hit || Counts(hit))
                    .Select(lesion => new FrocFinding(scan, score(lesion), lesion.Hits + before)));
                lesions += Enumerable.Range(0, type.ReferenceLesionCount).Count(Counts);
                before += type.ReferenceLesionCount;
            }
        }

        return FrocCurve.Of(findings, cases.Count, lesions);
    }
}
