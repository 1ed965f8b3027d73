using HemoApi.Imaging;
using HemoApi.Imaging.Evaluation;
using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Postprocessing;
using HemoApi.Imaging.Quantification;

namespace HemoApi.Training.Evaluation;

/// <param name="Dice">Null where neither mask nor reference holds the type.</param>
/// <param name="ReferenceAbc2Ml">ABC/2 of the reference's own outlines, as a reader would measure them; null for EDH and SDH.</param>
internal sealed record TypeScore(HemorrhageType Type, double FoundMl, double ReferenceMl, double? Dice, double? ReferenceAbc2Ml);

/// <summary>What a model did on one study.</summary>
/// <param name="Seconds">From image to volumes, making or reading of the study included.</param>
/// <param name="Types">In label order.</param>
/// <param name="Union">Where the types do not count.</param>
internal sealed record StudyRow(string Name, double Seconds, IReadOnlyList<TypeScore> Types, UnionAgreement Union)
{
    public bool IsClean => Types.All(t => t.ReferenceMl == 0);

    public double FoundMl => Types.Sum(t => t.FoundMl);

    /// <summary>Measures a study by the code that serves, from HU volume to volumes.</summary>
    /// <param name="volumes">Null writes none.</param>
    /// <returns>The row, or the fault of <see cref="Segmenter.Run(LoadedModel, Imaging.Volumes.CtVolume, Action{double}?, CancellationToken)"/>.</returns>
    /// <exception cref="OperationCanceledException">Cancelled between two batches of slices.</exception>
    public static Outcome<StudyRow> Measure(LoadedModel model, EvaluationStudy study, StudyVolumes? volumes, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        var (image, reference) = (study.Image, study.Reference);
        if (!Segmenter.Run(model, image, null, cancellation).TryGet(out var segmentation, out var fault))
        {
            return fault;
        }

        var mask = MaskCleaning.Clean(image, segmentation.Mask, segmentation.Probabilities, model.Manifest).Mask;
        volumes?.Write(study, mask);
        var measured = LesionQuantifier.Measure(image, mask).Volumes;
        var lesions = ConnectedLesions.Find(reference);
        var types = MaskAgreement.Compare(mask, reference).Select(agreement => new TypeScore(
            agreement.Type,
            measured.Single(v => v.Type == agreement.Type).VolumeMl,
            agreement.ReferenceVolumeMl,
            agreement.Dice,
            Abc2Estimate.AppliesTo(agreement.Type)
                ? lesions.Where(lesion => lesion.Type == agreement.Type).Sum(lesion => Abc2Estimate.Of(lesion, reference.Geometry).VolumeMl)
                : null)).ToList();
        var union = UnionAgreement.Of(mask, reference);
        return new StudyRow(study.Name, TimeProvider.System.GetElapsedTime(started).TotalSeconds, types, union);
    }
}
