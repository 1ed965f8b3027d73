using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;

namespace HemoApi.Imaging.Postprocessing;

/// <summary>What a model's manifest asks to be done to its mask.</summary>
public static class MaskCleaning
{
    public static LabelVolume Clean(LabelVolume mask, ModelManifest manifest) => SmallLesions.Remove(
        manifest.OneTypePerExtraAxialCollection ? ExtraAxialCollections.Unify(mask) : mask,
        manifest.MinimumLesionVolumeMl);
}
