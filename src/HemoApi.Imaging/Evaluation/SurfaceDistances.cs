using HemoApi.Imaging.Evaluation.Statistics;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Evaluation;

/// <summary>How far apart the surfaces of two masks of one type are, in mm between voxel centres in the true geometry, tilted and
/// uneven stacks included. A surface is the voxels with a neighbour across a face that is not in the mask, or outside of the scan.</summary>
/// <param name="Hausdorff95Mm">95th percentile of the distances from one surface to the other, the larger of both directions.</param>
/// <param name="HausdorffMm">The largest distance.</param>
/// <param name="MeanMm">Mean over the voxels of both surfaces (average symmetric surface distance).</param>
public sealed record SurfaceDistances(double Hausdorff95Mm, double HausdorffMm, double MeanMm)
{
    /// <returns>Null where either mask does not hold the type: there is no distance to nothing.</returns>
    /// <exception cref="ArgumentException">The masks are not on the same geometry.</exception>
    public static SurfaceDistances? Between(LabelVolume mask, LabelVolume reference, HemorrhageType type)
    {
        if (!ReferenceEquals(mask.Geometry, reference.Geometry))
        {
            throw new ArgumentException("mask and reference must share their geometry", nameof(reference));
        }

        var (ours, theirs) = (Surface(mask, (byte)type), Surface(reference, (byte)type));
        if (ours.Count == 0 || theirs.Count == 0)
        {
            return null;
        }

        var (there, back) = (Distances(ours, theirs), Distances(theirs, ours));
        return new(
            Math.Max(Quantiles.Of(there, 0.95), Quantiles.Of(back, 0.95)),
            Math.Max(there.Max(), back.Max()),
            (there.Sum() + back.Sum()) / (there.Length + back.Length));
    }

    private static double[] Distances(List<Vector3D> from, List<Vector3D> to)
    {
        var nearest = new NearestPoints();
        to.ForEach(nearest.Add);
        return [.. from.AsParallel().AsOrdered().Select(point => (nearest.Find(point)!.Value - point).Length)];
    }

    private static List<Vector3D> Surface(LabelVolume mask, byte label)
    {
        var (geometry, labels) = (mask.Geometry, mask.Labels);
        var (columns, rows, size) = (geometry.Columns, geometry.Rows, geometry.Rows * geometry.Columns);
        var points = new List<Vector3D>();
        for (var at = labels.AsSpan().IndexOf(label); at >= 0;)
        {
            var (column, row, slice) = (at % columns, at % size / columns, at / size);
            if (column == 0 || labels[at - 1] != label || column == columns - 1 || labels[at + 1] != label
                || row == 0 || labels[at - columns] != label || row == rows - 1 || labels[at + columns] != label
                || slice == 0 || labels[at - size] != label || slice == geometry.SliceCount - 1 || labels[at + size] != label)
            {
                points.Add(geometry.ToLpsMm(column, row, slice));
            }

            var next = labels.AsSpan(at + 1).IndexOf(label);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return points;
    }
}
