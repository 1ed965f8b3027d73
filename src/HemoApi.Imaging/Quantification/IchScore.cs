namespace HemoApi.Imaging.Quantification;

/// <summary>One of the five items of the ICH score.</summary>
/// <param name="Points">Null where the item is not known.</param>
public sealed record IchScoreItem(string Name, int? Points);

/// <summary>The ICH score (Hemphill et al. 2001): the sum of five items, 0 to 6. It is only a score; what it was found to go with in
/// the cohort of the paper is not said here.</summary>
/// <param name="Score">Null unless every item is known: a missing item is never guessed.</param>
/// <param name="Missing">Names of the items that are not known.</param>
public sealed record IchScore(int? Score, IReadOnlyList<IchScoreItem> Items, IReadOnlyList<string> Missing)
{
    public const int LowestComaScale = 3;
    public const int HighestComaScale = 15;
    private const int OldAgeYears = 80;

    /// <param name="glasgowComaScale">3 to 15.</param>
    /// <param name="volumeMl">Of all intracerebral blood.</param>
    /// <exception cref="ArgumentOutOfRangeException">No coma scale, a negative age or volume.</exception>
    public static IchScore Of(int? glasgowComaScale, int? ageYears, bool? intraventricularHemorrhage, bool? infratentorialOrigin, double? volumeMl)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(glasgowComaScale ?? LowestComaScale, LowestComaScale, nameof(glasgowComaScale));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(glasgowComaScale ?? HighestComaScale, HighestComaScale, nameof(glasgowComaScale));
        ArgumentOutOfRangeException.ThrowIfNegative(ageYears ?? 0, nameof(ageYears));
        ArgumentOutOfRangeException.ThrowIfNegative(volumeMl ?? 0, nameof(volumeMl));
        IReadOnlyList<IchScoreItem> items =
        [
            new("glasgowComaScale", glasgowComaScale switch { null => null, <= 4 => 2, <= 12 => 1, _ => 0 }),
            new("volumeMl", Point(volumeMl >= GuidelineCriteria.IchScoreVolumeMl, volumeMl is not null)),
            new("intraventricularHemorrhage", Point(intraventricularHemorrhage == true, intraventricularHemorrhage is not null)),
            new("infratentorialOrigin", Point(infratentorialOrigin == true, infratentorialOrigin is not null)),
            new("ageYears", Point(ageYears >= OldAgeYears, ageYears is not null)),
        ];
        List<string> missing = [.. items.Where(item => item.Points is null).Select(item => item.Name)];
        return new(missing.Count == 0 ? items.Sum(item => item.Points) : null, items, missing);
    }

    private static int? Point(bool scores, bool known) => !known ? null : scores ? 1 : 0;
}
