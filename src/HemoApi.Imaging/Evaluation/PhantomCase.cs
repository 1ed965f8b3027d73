using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Postprocessing;

namespace HemoApi.Imaging.Evaluation;

/// <param name="Dice">Against the phantom's labels; null where neither holds the type, see <see cref="TypeAgreement"/>.</param>
/// <param name="FoundMl">Volume of the model's mask, by true slice extents.</param>
/// <param name="TrueMl">Analytic volume of the phantom's lesions, independent of any voxel grid.</param>
public sealed record PhantomTypeScore(HemorrhageType Type, double? Dice, double FoundMl, double TrueMl);

/// <summary>A model's answer on one phantom study whose hemorrhages are known exactly.</summary>
/// <param name="Seed">Of <see cref="PhantomStudy"/>.</param>
/// <param name="Types">In label order.</param>
public sealed record PhantomCase(ulong Seed, IReadOnlyList<PhantomTypeScore> Types)
{
    /// <summary>Segments the study of a seed as a job does, from HU volume to mask.</summary>
    /// <param name="types">Exactly these hemorrhages; null draws none to three at random.</param>
    /// <returns>The case, or the fault of <see cref="Segmenter.Run(LoadedModel, Volumes.CtVolume, Action{double}?, CancellationToken)"/>.</returns>
    public static Outcome<PhantomCase> Run(LoadedModel model, ulong seed, IReadOnlyList<HemorrhageType>? types, CancellationToken cancellation)
    {
        var study = new PhantomStudy(seed, types);
        var (image, truth) = study.Scan();
        if (!Segmenter.Run(model, image, null, cancellation).TryGet(out var segmentation, out var fault))
        {
            return fault;
        }

        var mask = MaskCleaning.Clean(image, segmentation.Mask, segmentation.Probabilities, model.Manifest).Mask;
        return new PhantomCase(
            seed,
            [.. MaskAgreement.Compare(mask, truth).Select(a => new PhantomTypeScore(a.Type, a.Dice, a.VolumeMl, study.Head.VolumeMl(a.Type)))]);
    }
}
