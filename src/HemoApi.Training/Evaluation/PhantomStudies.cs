using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Phantoms;

namespace HemoApi.Training.Evaluation;

/// <summary>Phantom studies by seed, as evaluations want them. Each type and the clean ones have seeds of their own.</summary>
internal static class PhantomStudies
{
    /// <summary>Seeds that one type may take.</summary>
    public const int Largest = (int)(TrainingSeeds.EvaluationEnd - TrainingSeeds.EvaluationStart) / 4;

    /// <param name="count">Studies of the type, one hemorrhage each.</param>
    public static StudySource OfType(HemorrhageType type, int count) =>
        new($"{count} phantoms of {type.Code()}", count, Studies(First(type), count, $"{type.Code()}-phantom", type));

    /// <param name="count">Studies without hemorrhage.</param>
    public static StudySource Clean(int count) => new($"{count} phantoms without hemorrhage", count, Studies(First(null), count, "clean-phantom"));

    /// <summary>The first seed of a type, or of the clean ones.</summary>
    public static ulong First(HemorrhageType? type) => TrainingSeeds.EvaluationStart + (Largest * (ulong)((int?)type - 1 ?? HemorrhageTypes.All.Count));

    private static IEnumerable<EvaluationStudy> Studies(ulong first, int count, string name, params HemorrhageType[] types)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Largest);
        return Enumerable.Range(0, count).Select(i =>
        {
            var seed = first + (ulong)i;
            return new EvaluationStudy($"{name}-{seed}", () => new PhantomStudy(seed, types).Scan());
        });
    }
}
