using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;

namespace HemoApi.Imaging.Postprocessing;

/// <summary>Findings of which the network is less sure than a model's manifest asks for.</summary>
internal sealed class DoubtfulLesions(ProbabilityLevels levels, ModelManifest manifest)
{
    /// <summary>So much blood goes on from slice to slice anyway, and faint crescents wander sideways while they do.</summary>
    private const double LargeMl = 10;

    private readonly LesionSupport _support = new(levels);

    public bool Contains(ConnectedLesion lesion)
    {
        var (mean, withNeighbours) = _support.Of(lesion);
        return lesion.VolumeMl(levels.Geometry) >= LargeMl ? mean < manifest.MinimumMeanProbability : withNeighbours < manifest.MinimumSupport;
    }
}
