using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Postprocessing;
using HemoApi.Imaging.Preprocessing;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Evaluation;

/// <summary>Chooses a model's thresholds on studies that neither training nor the reported evaluation sees.</summary>
public static class ThresholdFit
{
    private static readonly float[] Candidates = [0.15f, 0.2f, 0.25f, 0.3f, 0.35f, 0.4f, 0.45f, 0.5f, 0.55f, 0.6f, 0.7f];

    /// <returns>For each type, in label order, the threshold of the highest mean of Dice − |found − true| / true over the studies that
    /// have the type, because what is reported is volumes; a fault of the network otherwise.</returns>
    public static Outcome<IReadOnlyList<float>> Fit(LoadedModel model, IEnumerable<(CtVolume Image, LabelVolume Truth)> studies, CancellationToken cancellation)
    {
        var output = model.Manifest.Output;
        ModelOutput[] variants = [.. Candidates.Select(c => output with { Thresholds = [.. output.Classes.Select(_ => c)] })];
        var scores = HemorrhageTypes.All.ToDictionary(type => type, _ => new double[Candidates.Length]);
        foreach (var (image, truth) in studies)
        {
            var frame = new NetworkFrame(image.Geometry, model.Manifest.Input);
            var region = HeadRegion.Find(image, frame) ?? throw new InvalidOperationException("a study has no head");
            if (!Segmenter.Run(model, image, frame, region, variants, null, cancellation).TryGet(out var segmentations, out var fault))
            {
                return fault;
            }

            for (var v = 0; v < variants.Length; v++)
            {
                foreach (var agreement in MaskAgreement.Compare(MaskCleaning.Clean(image, segmentations[v].Mask, segmentations[v].Probabilities, model.Manifest).Mask, truth).Where(a => a.ReferenceVolumeMl > 0))
                {
                    scores[agreement.Type][v] += (agreement.Dice ?? 0) - Math.Abs(agreement.RelativeDifference ?? 0);
                }
            }
        }

        List<float> best = [.. HemorrhageTypes.All.Select(type => Candidates[Array.IndexOf(scores[type], scores[type].Max())])];
        return best;
    }
}
