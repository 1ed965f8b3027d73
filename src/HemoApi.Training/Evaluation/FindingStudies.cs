using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Phantoms;
using HemoApi.Training.Backgrounds;
using HemoApi.Training.Painting;

namespace HemoApi.Training.Evaluation;

/// <summary>Studies to fit the rules for findings on: seeds of their own, two in five of them without hemorrhage, phantoms under two scanners with and
/// without tilt and under drawn ones, and hemorrhages painted into heads, usual and unusual ones.</summary>
internal static class FindingStudies
{
    private static readonly (Scanner Scanner, HemorrhageType[]? Types)[] Mixture =
    [
        (Scanner.A, []), (Scanner.B, []), (Scanner.A, [HemorrhageType.Sdh]), (Scanner.Drawn, null), (Scanner.B, []), (Scanner.Painted, []),
        (Scanner.B, [HemorrhageType.Sdh]), (Scanner.A, [HemorrhageType.Edh]), (Scanner.B, []), (Scanner.A, [HemorrhageType.Ich]),
        (Scanner.Painted, [HemorrhageType.Sdh]), (Scanner.Drawn, []), (Scanner.A, []), (Scanner.B, [HemorrhageType.Edh]), (Scanner.Drawn, [HemorrhageType.Sdh]),
        (Scanner.B, []), (Scanner.Painted, [HemorrhageType.Edh]), (Scanner.Painted, [HemorrhageType.Ich]),
        (Scanner.Painted, [HemorrhageType.Sdh]), (Scanner.Painted, []), (Scanner.Painted, [HemorrhageType.Edh]), (Scanner.Painted, [HemorrhageType.Ich]),
    ];

    private enum Scanner
    {
        A,
        B,
        Drawn,
        Painted,
    }

    /// <param name="heads">To paint into, in turn; without any, those studies are left out.</param>
    public static IEnumerable<EvaluationStudy> Of(int count, IReadOnlyList<HeadField> heads) =>
        Enumerable.Range(0, count)
            .Select(i => (Seed: TrainingSeeds.FindingFitStart + (ulong)i, Mixed: Mixture[i % Mixture.Length], Round: i / Mixture.Length))
            .Where(study => heads.Count > 0 || study.Mixed.Scanner != Scanner.Painted)
            .Select(study => new EvaluationStudy($"{study.Seed}", () => study.Mixed.Scanner switch
            {
                Scanner.A => PhantomHospital.A.Scan(new(study.Seed, study.Mixed.Types)),
                Scanner.B => PhantomHospital.B.Scan(new(study.Seed, study.Mixed.Types)),
                Scanner.Drawn => new PhantomStudy(study.Seed, study.Mixed.Types).Scan(),
                _ => PaintedStudy.Render(study.Seed, heads[study.Round % heads.Count], Ranges(study.Round / heads.Count), study.Mixed.Types),
            }));

    private static SceneRanges Ranges(int turn) => turn % 2 == 0 ? SceneRanges.Usual : SceneRanges.Wide;
}
