using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Postprocessing;

/// <summary>What a model's manifest asks to be done to its mask.</summary>
public static class MaskCleaning
{
    /// <param name="image">What the mask was made of.</param>
    /// <param name="levels">What the network thought of each voxel.</param>
    public static LabelVolume Clean(CtVolume image, LabelVolume mask, ProbabilityLevels levels, ModelManifest manifest)
    {
        var doubtful = new DoubtfulLesions(image, levels, manifest);
        return LesionRemoval.Without(Typed(mask, manifest), lesion => IsNoLesion(lesion, image, manifest) || doubtful.Contains(lesion));
    }

    internal static LabelVolume Typed(LabelVolume mask, ModelManifest manifest) => manifest.ExtraAxialTypeByNeighbourhood ? ExtraAxialTypes.Smooth(mask) : mask;

    /// <summary>Too small, or outside of the skull, however sure the network is.</summary>
    internal static bool IsNoLesion(ConnectedLesion lesion, CtVolume image, ModelManifest manifest) =>
        SmallLesions.IsSmall(lesion, image.Geometry, manifest.MinimumLesionVolumeMl) || (manifest.WithinSkullOnly && SkullEnclosure.IsOutside(image, lesion));
}
