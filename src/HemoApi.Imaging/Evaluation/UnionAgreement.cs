using HemoApi.Imaging.Masks;

namespace HemoApi.Imaging.Evaluation;

/// <summary>How a mask agrees with a reference where the types do not count: a voxel is blood or not.</summary>
/// <param name="Dice">Of the study, voxels weighted by their true volume; null where neither holds blood.</param>
/// <param name="SliceDice">Of each slice in which the reference holds blood, in their order; 0 where the mask has none there.</param>
public sealed record UnionAgreement(double? Dice, IReadOnlyList<double> SliceDice)
{
    /// <exception cref="ArgumentException">The masks are not on the same geometry.</exception>
    public static UnionAgreement Of(LabelVolume mask, LabelVolume reference)
    {
        if (!ReferenceEquals(mask.Geometry, reference.Geometry))
        {
            throw new ArgumentException("mask and reference must share their geometry", nameof(reference));
        }

        var geometry = mask.Geometry;
        var sliceSize = geometry.Rows * geometry.Columns;
        var (sum, overlap) = (0.0, 0.0);
        List<double> slices = [];
        for (var slice = 0; slice < geometry.SliceCount; slice++)
        {
            var (ours, theirs, both) = (0, 0, 0);
            for (var i = slice * sliceSize; i < (slice + 1) * sliceSize; i++)
            {
                var (m, r) = (mask.Labels[i] > 0, reference.Labels[i] > 0);
                ours += m ? 1 : 0;
                theirs += r ? 1 : 0;
                both += m && r ? 1 : 0;
            }

            var extentMm = geometry.SliceExtentMm(slice);
            sum += (ours + theirs) * extentMm;
            overlap += both * extentMm;
            if (theirs > 0)
            {
                slices.Add(2.0 * both / (ours + theirs));
            }
        }

        return new(sum > 0 ? 2 * overlap / sum : null, slices);
    }
}
