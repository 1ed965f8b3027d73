using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Postprocessing;
using HemoApi.Imaging.Quantification;

namespace HemoApi.Training.Evaluation;

/// <summary>What a model found in a study whose hemorrhages are known.</summary>
/// <param name="Numbers">In the order of <see cref="FindingEvidence.Names"/>.</param>
/// <param name="BloodShare">Share of its voxels that are blood, of whichever type.</param>
internal sealed record Finding(string Study, HemorrhageType Type, IReadOnlyList<double> Numbers, double BloodShare)
{
    private const double LeastBloodShare = 0.2;

    /// <summary>Blood that was outlined too wide is found all the same.</summary>
    public bool IsBlood => BloodShare > LeastBloodShare;

    /// <summary>All that the model's rules for findings would be asked about.</summary>
    public static IReadOnlyList<Finding> Of(LoadedModel model, EvaluationStudy study, CancellationToken cancellation)
    {
        var (image, manifest) = (study.Image, model.Manifest);
        var segmentation = Segmenter.Run(model, image, null, cancellation).Value;
        if (HeadFrame.Find(image) is not { } head)
        {
            return [];
        }

        var support = new LesionSupport(segmentation.Probabilities);
        return [.. ConnectedLesions.Find(MaskCleaning.Typed(segmentation.Mask, manifest))
            .Where(lesion => !MaskCleaning.IsNoLesion(lesion, image, manifest))
            .Select(lesion => new Finding(study.Name, lesion.Type, FindingEvidence.Of(image, support, head, lesion).Numbers, BloodIn(lesion, study.Reference)))];
    }

    private static double BloodIn(ConnectedLesion lesion, LabelVolume reference)
    {
        var (blood, voxels) = (0L, 0L);
        foreach (var run in lesion.Runs.Span)
        {
            voxels += run.Length;
            blood += run.Length - reference.Labels.AsSpan(run.FirstVoxel(reference.Geometry), run.Length).Count((byte)0);
        }

        return (double)blood / voxels;
    }
}
