using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Training.Evaluation;

/// <summary>A head CT whose hemorrhages are known. Image and reference are made or read when they are first asked for, so that a study
/// that was measured before costs nothing but its name.</summary>
/// <param name="name">Names the study in the rows of an evaluation: the same study, the same name.</param>
/// <param name="read">The image, and the labels on its grid. Failures leave it as they are.</param>
internal sealed class EvaluationStudy(string name, Func<(CtVolume Image, LabelVolume Reference)> read)
{
    private readonly Lazy<(CtVolume Image, LabelVolume Reference)> _volumes = new(read);

    public EvaluationStudy(string name, CtVolume image, LabelVolume reference)
        : this(name, () => (image, reference))
    {
    }

    public string Name { get; } = name;

    public CtVolume Image => _volumes.Value.Image;

    /// <summary>In the geometry of the image.</summary>
    public LabelVolume Reference => _volumes.Value.Reference;
}

/// <summary>Where studies come from: phantoms, labelled cases, or whatever else yields them. Enumerated once, a study at a time.</summary>
/// <param name="Description">For the report, e.g. "100 phantoms of ICH".</param>
internal sealed record StudySource(string Description, int Count, IEnumerable<EvaluationStudy> Studies);
