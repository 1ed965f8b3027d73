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
        var large = SmallLesions.Remove(manifest.OneTypePerExtraAxialCollection ? ExtraAxialCollections.Unify(mask) : mask, manifest.MinimumLesionVolumeMl);
        return manifest.WithinSkullOnly ? SkullEnclosure.KeepWithin(image, large) : large;
    }
}
