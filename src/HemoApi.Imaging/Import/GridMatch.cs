using System.Globalization;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Import;

/// <summary>How the voxels of a file lie in the voxel order of a series: voxel (i, j, k) is the series' voxel of index
/// Origin + i × StrideI + j × StrideJ + k × StrideK.</summary>
public readonly record struct GridMatch(long Origin, long StrideI, long StrideJ, long StrideK)
{
    /// <summary>A voxel may lie off by this much, mm: rounding of headers, and far less than any voxel.</summary>
    public const double ToleranceMm = 0.1;

    private static readonly int[][] Orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

    /// <summary>The axes of the file may come in any order and run either way; every corner must lie where the series has it. An unevenly
    /// spaced or tilted series is compared by its affine (<see cref="VolumeGeometry.LpsAffine"/>), which is that of its NIfTI files.</summary>
    /// <param name="lpsAffine">Of the file: 4×4 row-major, (i, j, k, 1) → LPS mm.</param>
    /// <returns><see cref="FaultCodes.ReferenceGridMismatch"/> where the grids differ; nothing is ever resampled.</returns>
    public static Outcome<GridMatch> Find((int I, int J, int K) dimensions, double[,] lpsAffine, VolumeGeometry geometry)
    {
        int[] sizes = [dimensions.I, dimensions.J, dimensions.K];
        int[] wanted = [geometry.Columns, geometry.Rows, geometry.SliceCount];
        var series = geometry.LpsAffine();
        var nearestMm = double.PositiveInfinity;
        foreach (var order in Orders.Where(order => order.Select((target, axis) => sizes[axis] == wanted[target]).All(same => same)))
        {
            for (var flips = 0; flips < 8; flips++)
            {
                var distanceMm = CornerDistanceMm(sizes, lpsAffine, order, flips, series);
                if (distanceMm <= ToleranceMm)
                {
                    return Strides(sizes, order, flips, wanted);
                }

                nearestMm = Math.Min(nearestMm, distanceMm);
            }
        }

        return Mismatch(dimensions, wanted, nearestMm);
    }

    /// <summary>The largest distance between a corner of the file and that of the series.</summary>
    private static double CornerDistanceMm(int[] sizes, double[,] file, int[] order, int flips, double[,] series)
    {
        var largest = 0.0;
        for (var corner = 0; corner < 8; corner++)
        {
            Span<double> at = [0, 0, 0];
            Span<double> there = [0, 0, 0];
            for (var axis = 0; axis < 3; axis++)
            {
                at[axis] = (corner >> axis & 1) * (sizes[axis] - 1);
                there[order[axis]] = (flips >> axis & 1) == 1 ? sizes[axis] - 1 - at[axis] : at[axis];
            }

            largest = Math.Max(largest, (Place(file, at) - Place(series, there)).Length);
        }

        return largest;
    }

    private static Vector3D Place(double[,] affine, ReadOnlySpan<double> index) => new(
        (affine[0, 0] * index[0]) + (affine[0, 1] * index[1]) + (affine[0, 2] * index[2]) + affine[0, 3],
        (affine[1, 0] * index[0]) + (affine[1, 1] * index[1]) + (affine[1, 2] * index[2]) + affine[1, 3],
        (affine[2, 0] * index[0]) + (affine[2, 1] * index[1]) + (affine[2, 2] * index[2]) + affine[2, 3]);

    private static GridMatch Strides(int[] sizes, int[] order, int flips, int[] wanted)
    {
        long[] steps = [1, wanted[0], (long)wanted[0] * wanted[1]];
        var (origin, strides) = (0L, new long[3]);
        for (var axis = 0; axis < 3; axis++)
        {
            var step = steps[order[axis]];
            var isFlipped = (flips >> axis & 1) == 1;
            strides[axis] = isFlipped ? -step : step;
            origin += isFlipped ? step * (sizes[axis] - 1) : 0;
        }

        return new(origin, strides[0], strides[1], strides[2]);
    }

    private static Fault Mismatch((int I, int J, int K) given, int[] wanted, double nearestMm)
    {
        var sizes = string.Create(CultureInfo.InvariantCulture, $"{given.I} × {given.J} × {given.K} voxels");
        return new Fault(
            FaultCodes.ReferenceGridMismatch,
            double.IsInfinity(nearestMm)
                ? $"The mask has {sizes}, the series {string.Join(" × ", wanted)}."
                : string.Create(CultureInfo.InvariantCulture, $"The mask has the {sizes} of the series, but lies elsewhere: a corner is {nearestMm:0.##} mm off, and {ToleranceMm} mm are allowed."),
            "Draw or export the mask on the grid of the study's image.nii.gz; its axes may be permuted and flipped, but masks are never resampled.");
    }
}
