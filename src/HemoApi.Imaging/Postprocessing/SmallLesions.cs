using HemoApi.Imaging.Masks;

namespace HemoApi.Imaging.Postprocessing;

public static class SmallLesions
{
    /// <summary>Removes every connected lesion (26-neighbourhood, each type apart) smaller than <paramref name="minimumVolumeMl"/>.</summary>
    /// <returns>A new mask; the same one where nothing had to go.</returns>
    public static LabelVolume Remove(LabelVolume mask, double minimumVolumeMl)
    {
        var small = ConnectedLesions.Find(mask).Where(lesion => lesion.VolumeMl(mask.Geometry) < minimumVolumeMl).ToList();
        return small.Count == 0 ? mask : LesionRemoval.Without(mask, small);
    }
}
