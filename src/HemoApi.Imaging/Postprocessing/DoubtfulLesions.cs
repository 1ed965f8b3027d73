using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Quantification;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Postprocessing;

/// <summary>Findings of which the network is less sure than a model's manifest asks for, or that its rules for findings take for no blood.</summary>
internal sealed class DoubtfulLesions(CtVolume image, ProbabilityLevels levels, ModelManifest manifest)
{
    /// <summary>So much blood goes on from slice to slice anyway, and faint crescents wander sideways while they do.</summary>
    private const double LargeMl = 10;

    /// <summary>False findings of this size are too rare to fit rules on, and true ones too dear to lose: nothing but the network's own probability judges them.</summary>
    private const double HugeMl = 50;

    private readonly LesionSupport _support = new(levels);
    private readonly Lazy<HeadFrame?> _head = new(() => HeadFrame.Find(image));

    public bool Contains(ConnectedLesion lesion)
    {
        var volumeMl = lesion.VolumeMl(levels.Geometry);
        var rule = volumeMl < HugeMl ? manifest.FindingRules?.FirstOrDefault(r => r.Type == lesion.Type.Code()) : null;
        return rule is not null && _head.Value is { } head
            ? rule.Probability(FindingEvidence.Of(image, _support, head, lesion).Numbers) < rule.MinimumProbability
            : IsUnsure(lesion, volumeMl);
    }

    private bool IsUnsure(ConnectedLesion lesion, double volumeMl)
    {
        var (mean, withNeighbours) = _support.Of(lesion);
        return volumeMl >= LargeMl ? mean < manifest.MinimumMeanProbability : withNeighbours < manifest.MinimumSupport;
    }
}
