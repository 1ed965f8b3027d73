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
        var typed = manifest.ExtraAxialTypeByNeighbourhood ? ExtraAxialTypes.Smooth(mask) : mask;
        var doubtful = new DoubtfulLesions(levels, manifest);
        return LesionRemoval.Without(
            typed,
            lesion => SmallLesions.IsSmall(lesion, mask.Geometry, manifest.MinimumLesionVolumeMl)
                || doubtful.Contains(lesion)
                || (manifest.WithinSkullOnly && SkullEnclosure.IsOutside(image, lesion)));
    }
}
