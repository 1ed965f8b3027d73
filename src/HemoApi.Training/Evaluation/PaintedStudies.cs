using HemoApi.Imaging.Masks;
using HemoApi.Training.Backgrounds;
using HemoApi.Training.Painting;

namespace HemoApi.Training.Evaluation;

/// <summary>Hemorrhages painted into heads, as evaluations want them: of seeds that training never draws, each head in turn.</summary>
internal static class PaintedStudies
{
    /// <param name="count">Studies of the type, one hemorrhage each.</param>
    public static StudySource OfType(IReadOnlyList<HeadField> heads, HemorrhageType type, int count) =>
        new($"{count} painted heads with {type.Code()}", count, Studies(heads, PhantomStudies.First(type), count, $"{type.Code()}-painted", type));

    /// <param name="count">Studies without hemorrhage.</param>
    public static StudySource Clean(IReadOnlyList<HeadField> heads, int count) =>
        new($"{count} heads of other pose, form and contrast without hemorrhage", count, Studies(heads, PhantomStudies.First(null), count, "clean-painted"));

    private static IEnumerable<EvaluationStudy> Studies(IReadOnlyList<HeadField> heads, ulong first, int count, string name, params HemorrhageType[] types)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, PhantomStudies.Largest);
        return Enumerable.Range(0, count).Select(i =>
        {
            var seed = first + (ulong)i;
            return new EvaluationStudy($"{name}-{seed}", () => PaintedStudy.Render(seed, heads[i % heads.Count], types));
        });
    }
}
