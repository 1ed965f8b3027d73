using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Postprocessing;

internal static class SmallLesions
{
    /// <summary>Whether a lesion is smaller than a model's minimum.</summary>
    public static bool IsSmall(ConnectedLesion lesion, VolumeGeometry geometry, double minimumVolumeMl) => lesion.VolumeMl(geometry) < minimumVolumeMl;
}
