using HemoApi.Imaging.Masks;

namespace HemoApi.Imaging.Postprocessing;

public static class SmallLesions
{
    /// <summary>Removes every connected lesion (26-neighbourhood, each type apart) smaller than <paramref name="minimumVolumeMl"/>.</summary>
    /// <returns>A new mask; the same one where nothing had to go.</returns>
    public static LabelVolume Remove(LabelVolume mask, double minimumVolumeMl)
    {
        var small = ConnectedLesions.Find(mask).Where(lesion => lesion.VolumeMl(mask.Geometry) < minimumVolumeMl).ToList();
        if (small.Count == 0)
        {
            return mask;
        }

        var labels = mask.Labels.AsSpan().ToArray();
        foreach (var lesion in small)
        {
            foreach (var run in lesion.Runs.Span)
            {
                var row = ((run.Slice * mask.Geometry.Rows) + run.Row) * mask.Geometry.Columns;
                labels.AsSpan(row + run.Start, run.Length).Clear();
            }
        }

        return new LabelVolume(mask.Geometry, labels);
    }
}
