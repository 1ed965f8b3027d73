using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Quantification;

/// <summary>Volumes and lesions of a mask, in the true geometry of its series.</summary>
public static class LesionQuantifier
{
    /// <exception cref="ArgumentException">Mask and image are not on the same geometry.</exception>
    public static Quantities Measure(CtVolume image, LabelVolume mask)
    {
        if (!ReferenceEquals(image.Geometry, mask.Geometry))
        {
            throw new ArgumentException("mask and image must share their geometry", nameof(mask));
        }

        var lesions = ConnectedLesions.Find(mask)
            .Select(lesion => Describe(image, lesion))
            .OrderByDescending(lesion => lesion.VolumeMl)
            .Select((lesion, index) => lesion with { Id = index + 1 })
            .ToList();
        var volumes = HemorrhageTypes.All.Select(type => OfType(type, lesions)).ToList();
        return new Quantities(
            volumes,
            volumes.Sum(volume => volume.VolumeMl),
            volumes.Sum(volume => volume.VolumeByThicknessMl),
            lesions);
    }

    private static TypeVolume OfType(HemorrhageType type, IEnumerable<Lesion> lesions)
    {
        var own = lesions.Where(lesion => lesion.Type == type).ToList();
        return new TypeVolume(
            type,
            own.Sum(lesion => lesion.VolumeMl),
            own.Sum(lesion => lesion.VolumeByThicknessMl),
            own.Count,
            own.Exists(lesion => lesion.Abc2 is not null) ? own.Sum(lesion => lesion.Abc2!.VolumeMl) : null);
    }

    private static Lesion Describe(CtVolume image, ConnectedLesion lesion)
    {
        var geometry = image.Geometry;
        var box = BoxOf(lesion);
        var (weight, huSum, huSquareSum, centre) = (0.0, 0.0, 0.0, default(Vector3D));
        foreach (var run in lesion.Runs.Span)
        {
            var (sum, squareSum) = (0L, 0L);
            foreach (var hu in image.Slice(run.Slice).Slice((run.Row * geometry.Columns) + run.Start, run.Length))
            {
                sum += hu;
                squareSum += hu * hu;
            }

            var extent = geometry.SliceExtentMm(run.Slice);
            weight += run.Length * extent;
            huSum += sum * extent;
            huSquareSum += squareSum * extent;
            centre += geometry.ToLpsMm((run.Start + run.End - 1) / 2.0, run.Row, run.Slice) * (run.Length * extent);
        }

        var mean = huSum / weight;
        return new Lesion(
            Id: 0,
            lesion.Type,
            lesion.VolumeMl(geometry),
            lesion.VolumeByThicknessMl(geometry),
            centre * (1 / weight),
            box,
            mean,
            Math.Sqrt(Math.Max(0, (huSquareSum / weight) - (mean * mean))),
            Abc2Estimate.AppliesTo(lesion.Type) ? Abc2Estimate.Of(lesion, geometry) : null,
            TouchesBorder(box, geometry));
    }

    private static VoxelBox BoxOf(ConnectedLesion lesion)
    {
        var runs = lesion.Runs.Span;
        var (minColumn, maxColumn, minRow, maxRow) = (int.MaxValue, 0, int.MaxValue, 0);
        foreach (var run in runs)
        {
            minColumn = Math.Min(minColumn, run.Start);
            maxColumn = Math.Max(maxColumn, run.End - 1);
            minRow = Math.Min(minRow, run.Row);
            maxRow = Math.Max(maxRow, run.Row);
        }

        return new VoxelBox(minColumn, minRow, runs[0].Slice, maxColumn, maxRow, runs[^1].Slice);
    }

    private static bool TouchesBorder(VoxelBox box, VolumeGeometry geometry) =>
        box.MinColumn == 0 || box.MinRow == 0 || box.MinSlice == 0
        || box.MaxColumn == geometry.Columns - 1
        || box.MaxRow == geometry.Rows - 1
        || box.MaxSlice == geometry.SliceCount - 1;
}
