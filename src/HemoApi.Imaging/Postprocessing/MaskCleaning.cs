using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Postprocessing;

/// <param name="Mask">Without what was left out.</param>
/// <param name="LeftOut">Connected lesions that may be blood, but that the model's rules do not take for it; in the order of their first voxels.</param>
public sealed record CleanedMask(LabelVolume Mask, IReadOnlyList<ConnectedLesion> LeftOut);

/// <summary>What a model's manifest asks to be done to its mask.</summary>
public static class MaskCleaning
{
    /// <param name="image">What the mask was made of.</param>
    /// <param name="levels">What the network thought of each voxel.</param>
    public static CleanedMask Clean(CtVolume image, LabelVolume mask, ProbabilityLevels levels, ModelManifest manifest)
    {
        var doubtful = new DoubtfulLesions(image, levels, manifest);
        var leftOut = new List<ConnectedLesion>();
        return new(LesionRemoval.Without(Typed(mask, manifest), lesion => IsNoLesion(lesion, image, manifest) || IsLeftOut(lesion)), leftOut);

        bool IsLeftOut(ConnectedLesion lesion)
        {
            var goes = doubtful.Contains(lesion);
            if (goes)
            {
                leftOut.Add(lesion);
            }

            return goes;
        }
    }

    internal static LabelVolume Typed(LabelVolume mask, ModelManifest manifest) => manifest.ExtraAxialTypeByNeighbourhood ? ExtraAxialTypes.Smooth(mask) : mask;

    /// <summary>Too small, or outside of the skull, however sure the network is.</summary>
    internal static bool IsNoLesion(ConnectedLesion lesion, CtVolume image, ModelManifest manifest) =>
        SmallLesions.IsSmall(lesion, image.Geometry, manifest.MinimumLesionVolumeMl) || (manifest.WithinSkullOnly && SkullEnclosure.IsOutside(image, lesion));
}
