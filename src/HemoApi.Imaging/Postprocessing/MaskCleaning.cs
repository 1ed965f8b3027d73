using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Postprocessing;

/// <summary>What a model's manifest asks to be done to its mask.</summary>
public static class MaskCleaning
{
    /// <param name="image">What the mask was made of.</param>
    public static LabelVolume Clean(CtVolume image, LabelVolume mask, ModelManifest manifest)
    {
        var unified = manifest.OneTypePerExtraAxialCollection ? ExtraAxialCollections.Unify(mask) : mask;
        return LesionRemoval.Without(
            unified,
            lesion => SmallLesions.IsSmall(lesion, mask.Geometry, manifest.MinimumLesionVolumeMl) || (manifest.WithinSkullOnly && SkullEnclosure.IsOutside(image, lesion)));
    }
}
