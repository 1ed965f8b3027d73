using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Preprocessing;

/// <summary>What the densities of a volume say of whether it is a head in Hounsfield units. Every second pixel of a slice is looked at.</summary>
/// <param name="MedianSoftTissueHu">Of voxels from −300 to 300 HU; null where there is none.</param>
/// <param name="BoneShare">Voxels over 300 HU, of those over −300 HU; 0 where there is none.</param>
/// <param name="SkullClosure">Share of the directions in the slice, seen from the middle of its tissue, in which bone lies: the median over the
/// slices that show the head at its widest. About 1 in a head, 0 where the skull was cut away; null where there is no tissue.</param>
public sealed record HeadDensity(double? MedianSoftTissueHu, double BoneShare, double? SkullClosure)
{
    private const int LowestHu = -300;
    private const int HighestHu = 300;

    /// <summary>Diploe and thin bone in thick slices are far less dense than cortical bone.</summary>
    private const int BoneHu = 200;

    private const int Step = 2;
    private const int Directions = 72;

    /// <summary>Slices of at least this share of the largest area of tissue.</summary>
    private const double WideShare = 0.75;

    public static HeadDensity Of(CtVolume image)
    {
        var geometry = image.Geometry;
        var slices = new SliceDensity[geometry.SliceCount];
        Parallel.For(0, slices.Length, k => slices[k] = SliceDensity.Of(image.Slice(k), geometry));
        var histogram = new long[HighestHu - LowestHu + 1];
        foreach (var slice in slices)
        {
            System.Numerics.Tensors.TensorPrimitives.Add<long>(histogram, slice.SoftTissue, histogram);
        }

        var (soft, bone) = (histogram.Sum(), slices.Sum(s => s.Bone));
        var widest = slices.Max(s => s.Tissue);
        double[] closures = [.. slices.Where(s => s.Tissue > 0 && s.Tissue >= widest * WideShare).Select(s => s.Closure).Order()];
        return new(
            soft > 0 ? Median(histogram, soft) : null,
            soft + bone > 0 ? (double)bone / (soft + bone) : 0,
            closures.Length > 0 ? closures[closures.Length / 2] : null);
    }

    private static double Median(long[] histogram, long count)
    {
        var below = 0L;
        var bin = 0;
        while ((below += histogram[bin]) * 2 < count)
        {
            bin++;
        }

        return LowestHu + bin;
    }

    private sealed record SliceDensity(long[] SoftTissue, long Bone, double Closure)
    {
        public long Tissue => SoftTissue.Sum() + Bone;

        public static SliceDensity Of(ReadOnlySpan<short> hu, VolumeGeometry geometry)
        {
            var (soft, bone, sumRow, sumColumn) = (new long[HighestHu - LowestHu + 1], 0L, 0L, 0L);
            for (var row = 0; row < geometry.Rows; row += Step)
            {
                for (var column = 0; column < geometry.Columns; column += Step)
                {
                    var value = hu[(row * geometry.Columns) + column];
                    if (value < LowestHu)
                    {
                        continue;
                    }

                    (sumRow, sumColumn) = (sumRow + row, sumColumn + column);
                    if (value > HighestHu)
                    {
                        bone++;
                    }
                    else
                    {
                        soft[value - LowestHu]++;
                    }
                }
            }

            var tissue = soft.Sum() + bone;
            return new(soft, bone, tissue == 0 ? 0 : ClosureOf(hu, geometry, (double)sumRow / tissue, (double)sumColumn / tissue));
        }

        private static double ClosureOf(ReadOnlySpan<short> hu, VolumeGeometry geometry, double middleRow, double middleColumn)
        {
            var closed = 0;
            for (var direction = 0; direction < Directions; direction++)
            {
                var (sin, cos) = Math.SinCos(2 * Math.PI * direction / Directions);
                for (var (row, column) = (middleRow, middleColumn);
                    row >= 0 && column >= 0 && row < geometry.Rows && column < geometry.Columns;
                    (row, column) = (row + sin, column + cos))
                {
                    if (hu[((int)row * geometry.Columns) + (int)column] >= BoneHu)
                    {
                        closed++;
                        break;
                    }
                }
            }

            return (double)closed / Directions;
        }
    }
}
