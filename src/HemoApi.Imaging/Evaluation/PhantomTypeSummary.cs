using HemoApi.Imaging.Masks;

namespace HemoApi.Imaging.Evaluation;

/// <summary>How a model did on one type over many phantoms.</summary>
/// <param name="Cases">Phantoms that have the type. Dice and volume errors are over these.</param>
/// <param name="MissedCases">Those of them in which nothing of the type was found.</param>
/// <param name="MeanVolumeError">Mean of |found − true| / true.</param>
/// <param name="VolumeBias">Σ found / Σ true − 1.</param>
/// <param name="FalseCases">Phantoms without the type in which some was found.</param>
/// <param name="MeanFalseMl">Mean volume found over all phantoms without the type.</param>
public sealed record PhantomTypeSummary(
    HemorrhageType Type,
    int Cases,
    int MissedCases,
    double MeanDice,
    double LowestDice,
    double MeanVolumeError,
    double VolumeBias,
    int FalseCases,
    double MeanFalseMl)
{
    /// <exception cref="ArgumentException">No phantom has the type: there is nothing to say about it.</exception>
    public static PhantomTypeSummary Of(HemorrhageType type, IEnumerable<PhantomCase> cases)
    {
        var scores = cases.Select(c => c.Types.First(t => t.Type == type)).ToList();
        var with = scores.Where(s => s.TrueMl > 0).ToList();
        var without = scores.Where(s => s.TrueMl == 0).ToList();
        if (with.Count == 0)
        {
            throw new ArgumentException($"no phantom has {type.Code()}: take more of them", nameof(cases));
        }

        return new(
            type,
            with.Count,
            with.Count(s => s.FoundMl == 0),
            with.Average(s => s.Dice ?? 0),
            with.Min(s => s.Dice ?? 0),
            with.Average(s => Math.Abs(s.FoundMl - s.TrueMl) / s.TrueMl),
            (with.Sum(s => s.FoundMl) / with.Sum(s => s.TrueMl)) - 1,
            without.Count(s => s.FoundMl > 0),
            without.Select(s => s.FoundMl).DefaultIfEmpty(0).Average());
    }

    /// <returns>One for each type that a phantom has.</returns>
    public static IReadOnlyList<PhantomTypeSummary> OfAll(IReadOnlyList<PhantomCase> cases) =>
        [.. HemorrhageTypes.All.Where(type => cases.Any(c => c.Types.Any(t => t.Type == type && t.TrueMl > 0))).Select(type => Of(type, cases))];
}
