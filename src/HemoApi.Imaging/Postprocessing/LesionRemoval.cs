using HemoApi.Imaging.Masks;

namespace HemoApi.Imaging.Postprocessing;

internal static class LesionRemoval
{
    /// <summary>Removes the connected lesions (26-neighbourhood, each type apart) that are to go.</summary>
    /// <returns>A new mask; the same one where nothing had to go.</returns>
    public static LabelVolume Without(LabelVolume mask, Func<ConnectedLesion, bool> goes)
    {
        byte[]? labels = null;
        foreach (var lesion in ConnectedLesions.Find(mask).Where(goes))
        {
            labels ??= [.. mask.Labels];
            foreach (var run in lesion.Runs.Span)
            {
                labels.AsSpan(run.FirstVoxel(mask.Geometry), run.Length).Clear();
            }
        }

        return labels is null ? mask : new LabelVolume(mask.Geometry, labels);
    }
}
