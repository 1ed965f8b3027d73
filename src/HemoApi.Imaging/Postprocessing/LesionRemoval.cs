using HemoApi.Imaging.Masks;

namespace HemoApi.Imaging.Postprocessing;

internal static class LesionRemoval
{
    public static LabelVolume Without(LabelVolume mask, IEnumerable<ConnectedLesion> lesions)
    {
        var labels = mask.Labels.AsSpan().ToArray();
        foreach (var lesion in lesions)
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
