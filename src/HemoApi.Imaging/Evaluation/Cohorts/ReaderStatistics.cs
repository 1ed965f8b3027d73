using HemoApi.Imaging.Evaluation.Statistics;
using HemoApi.Imaging.Masks;

namespace HemoApi.Imaging.Evaluation.Cohorts;

/// <summary>Readers against the reference and among each other, for one type (Xu et al. 2021, table 1).</summary>
/// <param name="Readers">Dice of each against the reference.</param>
/// <param name="Pairs">Dice of each two.</param>
/// <param name="Icc">Of the volumes of all readers, over the cases that all of them have drawn and in which one of them marked the type.</param>
/// <param name="NotComputed">Why what is absent is absent, by its name.</param>
public sealed record ReaderStatistics(
    string Type,
    IReadOnlyList<ReaderDice> Readers,
    IReadOnlyList<ReaderPairDice> Pairs,
    IntraclassCorrelation? Icc,
    IReadOnlyDictionary<string, string>? NotComputed)
{
    /// <returns>Null where fewer than two readers have drawn masks.</returns>
    public static ReaderStatistics? Of(HemorrhageType type, IReadOnlyList<CaseComparison> cases)
    {
        TypeAgreement Own(IReadOnlyList<TypeAgreement> types) => types.Single(t => t.Type == type);
        var readers = cases.SelectMany(c => c.Readers).ToLookup(r => r.Reader, r => Own(r.Types));
        string[] names = [.. readers.Select(r => r.Key).Order(StringComparer.Ordinal)];
        if (names.Length < 2)
        {
            return null;
        }

        var attempts = new Attempts();
        return new(
            type.Code(),
            [.. names.Select(name => new ReaderDice(name, DiceOf(readers[name])))],
            [.. cases.SelectMany(c => c.Pairs)
                .Select(pair => string.CompareOrdinal(pair.First, pair.Second) <= 0 ? (pair.First, pair.Second, pair.Types) : (First: pair.Second, Second: pair.First, pair.Types))
                .GroupBy(pair => (pair.First, pair.Second), pair => Own(pair.Types))
                .OrderBy(pair => pair.Key)
                .Select(pair => new ReaderPairDice(pair.Key.First, pair.Key.Second, DiceOf(pair)))],
            attempts.Of("icc", () => IntraclassCorrelation.Of(Volumes(type, names, cases))),
            attempts.Reasons);
    }

    private static MetricSummary DiceOf(IEnumerable<TypeAgreement> agreements) =>
        MetricSummary.Of(agreements.Where(a => a.Dice is not null).Select(a => a.Dice));

    /// <returns>For each reader the volumes of the same cases.</returns>
    private static double[][] Volumes(HemorrhageType type, string[] names, IReadOnlyList<CaseComparison> cases)
    {
        var rows = cases
            .Select(c => c.Readers.ToDictionary(r => r.Reader, r => r.Types.Single(t => t.Type == type).VolumeMl))
            .Where(volumes => names.All(volumes.ContainsKey) && volumes.Values.Any(ml => ml > 0))
            .ToList();
        return [.. names.Select(name => rows.Select(row => row[name]).ToArray())];
    }
}

public sealed record ReaderDice(string Reader, MetricSummary Dice);

public sealed record ReaderPairDice(string First, string Second, MetricSummary Dice);
