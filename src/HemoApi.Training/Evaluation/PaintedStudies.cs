using HemoApi.Imaging.Masks;
using HemoApi.Training.Backgrounds;
using HemoApi.Training.Painting;

namespace HemoApi.Training.Evaluation;

/// <summary>Hemorrhages painted into heads, as evaluations want them: of seeds that training never draws, each head in turn.</summary>
/// <param name="wide">Of <see cref="SceneRanges.Wide"/>: unusual poses, sizes, densities and scanners.</param>
internal sealed class PaintedStudies(IReadOnlyList<HeadField> heads, bool wide)
{
    private string Kind => wide ? "painted-wide" : "painted";

    /// <param name="count">Studies of the type, one hemorrhage each.</param>
    public StudySource OfType(HemorrhageType type, int count) =>
        new($"{count} {(wide ? "unusual " : "")}painted heads with {type.Code()}", count, Studies(PhantomStudies.First(type), count, $"{type.Code()}-{Kind}", type));

    /// <param name="count">Studies without hemorrhage.</param>
    public StudySource Clean(int count) =>
        new($"{count} heads of other pose, form and contrast without hemorrhage", count, Studies(PhantomStudies.First(null), count, $"clean-{Kind}"));

    private IEnumerable<EvaluationStudy> Studies(ulong first, int count, string name, params HemorrhageType[] types)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, PhantomStudies.Largest);
        return Enumerable.Range(0, count).Select(i =>
        {
            var seed = first + (ulong)i;
            return new EvaluationStudy($"{name}-{seed}", () => PaintedStudy.Render(seed, heads[i % heads.Count], wide ? SceneRanges.Wide : SceneRanges.Usual, types));
        });
    }
}
