using HemoApi.Imaging.Masks;

namespace HemoApi.Imaging.Evaluation;

/// <summary>How well a mask agrees with a reference, for one type, voxels weighted by their true volume.</summary>
/// <remarks>How empty masks count, here and wherever these figures are averaged: where neither mask holds the type there is nothing to
/// agree on, and Dice, IoU, precision and recall are null; counting them as 1 would reward scans without hemorrhage. Leave them out of
/// means; that such a scan was called clean is what specificity counts. Where only one holds it, Dice and IoU are 0 and stay in the
/// means; precision is null where the mask is empty, recall where the reference is, and <see cref="SurfaceDistances"/> are null in both
/// cases, so a mean of distances goes with the number of cases that have none. Volume differences exist always.</remarks>
/// <param name="Dice">2·|A∩B| / (|A|+|B|).</param>
/// <param name="Iou">|A∩B| / |A∪B| (Jaccard).</param>
/// <param name="Precision">Share of the mask that is in the reference.</param>
/// <param name="Recall">Share of the reference that is in the mask.</param>
/// <param name="VolumeMl">Of the mask, by true slice extents.</param>
/// <param name="ReferenceVolumeMl">Of the reference, by true slice extents.</param>
public sealed record TypeAgreement(
    HemorrhageType Type, double? Dice, double? Iou, double? Precision, double? Recall, double VolumeMl, double ReferenceVolumeMl)
{
    public double DifferenceMl => VolumeMl - ReferenceVolumeMl;

    /// <summary>Difference as a share of the reference; null where the reference is empty.</summary>
    public double? RelativeDifference => ReferenceVolumeMl > 0 ? DifferenceMl / ReferenceVolumeMl : null;
}

public static class MaskAgreement
{
    /// <returns>One for each type, in label order.</returns>
    /// <exception cref="ArgumentException">The masks are not on the same geometry.</exception>
    public static IReadOnlyList<TypeAgreement> Compare(LabelVolume mask, LabelVolume reference)
    {
        RequireSameGeometry(mask, reference);
        var (ours, theirs, both) = (MarkedMl(mask, null), MarkedMl(reference, null), MarkedMl(mask, reference));
        return [.. HemorrhageTypes.All.Select(type => Of(type, ours[(int)type], theirs[(int)type], both[(int)type]))];
    }

    /// <returns>Volume of the voxels that the two label differently, by true slice extents, ml.</returns>
    /// <exception cref="ArgumentException">The masks are not on the same geometry.</exception>
    public static double DifferentMl(LabelVolume mask, LabelVolume reference)
    {
        RequireSameGeometry(mask, reference);
        var geometry = mask.Geometry;
        var sliceSize = geometry.Rows * geometry.Columns;
        var total = 0.0;
        for (var slice = 0; slice < geometry.SliceCount; slice++)
        {
            var ours = mask.Labels.AsSpan(slice * sliceSize, sliceSize);
            var theirs = reference.Labels.AsSpan(slice * sliceSize, sliceSize);
            var different = 0;
            for (var i = 0; i < sliceSize; i++)
            {
                different += ours[i] != theirs[i] ? 1 : 0;
            }

            total += different * geometry.PixelAreaMm2 * geometry.SliceExtentMm(slice) / 1000;
        }

        return total;
    }

    private static void RequireSameGeometry(LabelVolume mask, LabelVolume reference)
    {
        if (!ReferenceEquals(mask.Geometry, reference.Geometry))
        {
            throw new ArgumentException("mask and reference must share their geometry", nameof(reference));
        }
    }

    private static TypeAgreement Of(HemorrhageType type, double volume, double referenceVolume, double overlap) => new(
        type,
        Share(2 * overlap, volume + referenceVolume),
        Share(overlap, volume + referenceVolume - overlap),
        Share(overlap, volume),
        Share(overlap, referenceVolume),
        volume,
        referenceVolume);

    private static double? Share(double part, double whole) => whole > 0 ? part / whole : null;

    /// <param name="alike">Only voxels that this one labels alike; null for all.</param>
    /// <returns>By label, by true slice extents.</returns>
    private static double[] MarkedMl(LabelVolume mask, LabelVolume? alike)
    {
        var geometry = mask.Geometry;
        var sliceSize = geometry.Rows * geometry.Columns;
        var voxels = new int[geometry.SliceCount, (int)HemorrhageType.Sdh + 1];
        for (var voxel = mask.NextMarked(0); voxel >= 0; voxel = mask.NextMarked(voxel + 1))
        {
            var label = mask.Labels[voxel];
            if (alike is null || alike.Labels[voxel] == label)
            {
                voxels[voxel / sliceSize, label]++;
            }
        }

        var volumes = new double[voxels.GetLength(1)];
        for (var slice = 0; slice < geometry.SliceCount; slice++)
        {
            var voxelMl = geometry.PixelAreaMm2 * geometry.SliceExtentMm(slice) / 1000;
            for (var label = 1; label < volumes.Length; label++)
            {
                volumes[label] += voxels[slice, label] * voxelMl;
            }
        }

        return volumes;
    }
}
