using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Masks;

/// <summary>One connected lesion of one type as the runs it is made of, in voxel order.</summary>
public sealed record ConnectedLesion(HemorrhageType Type, ReadOnlyMemory<LabelRun> Runs)
{
    /// <summary>Sum over voxels of area × the true extent of their slice, ml.</summary>
    public double VolumeMl(VolumeGeometry geometry) => Sum(geometry.SliceExtentMm) * geometry.PixelAreaMm2 / 1000;

    /// <summary>Sum over voxels of area × SliceThickness, ml.</summary>
    public double VolumeByThicknessMl(VolumeGeometry geometry) =>
        Sum(slice => geometry.Slices[slice].ThicknessMm) * geometry.PixelAreaMm2 / 1000;

    private double Sum(Func<int, double> lengthMm)
    {
        var total = 0.0;
        foreach (var run in Runs.Span)
        {
            total += run.Length * lengthMm(run.Slice);
        }

        return total;
    }
}

public static class ConnectedLesions
{
    /// <summary>The connected lesions of a mask, each type apart, in the 26-neighbourhood.</summary>
    /// <returns>In the order of each lesion's first voxel.</returns>
    public static IReadOnlyList<ConnectedLesion> Find(LabelVolume mask)
    {
        var geometry = mask.Geometry;
        return [.. ConnectedComponents.Find(mask.Labels, geometry.Columns, geometry.Rows, geometry.SliceCount)
            .Select(runs => new ConnectedLesion((HemorrhageType)runs.Span[0].Label, runs))];
    }

    /// <summary>The same in the order of <see cref="Quantification.Lesion.Id"/>.</summary>
    public static IReadOnlyList<ConnectedLesion> LargestFirst(LabelVolume mask) => [.. Find(mask).OrderByDescending(lesion => lesion.VolumeMl(mask.Geometry))];
}
