using HemoApi.Imaging.Masks;

namespace HemoApi.Imaging.Evaluation;

/// <summary>How well a mask agrees with a reference, for one type.</summary>
/// <param name="Dice">2·|A∩B| / (|A|+|B|), voxels weighted by their true volume. Null where neither mask holds the type: there is
/// nothing to agree on, and counting it as 1 would reward scans without hemorrhage; leave it out of means. 0 where only one does.</param>
/// <param name="VolumeMl">Of the mask, by true slice extents.</param>
/// <param name="ReferenceVolumeMl">Of the reference, by true slice extents.</param>
public sealed record TypeAgreement(HemorrhageType Type, double? Dice, double VolumeMl, double ReferenceVolumeMl)
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
        if (!ReferenceEquals(mask.Geometry, reference.Geometry))
        {
            throw new ArgumentException("mask and reference must share their geometry", nameof(reference));
        }

        return [.. HemorrhageTypes.All.Select(type => Compare(type, mask, reference))];
    }

    private static TypeAgreement Compare(HemorrhageType type, LabelVolume mask, LabelVolume reference)
    {
        var geometry = mask.Geometry;
        var sliceSize = geometry.Rows * geometry.Columns;
        var (volume, referenceVolume, overlap) = (0.0, 0.0, 0.0);
        for (var slice = 0; slice < geometry.SliceCount; slice++)
        {
            var voxelMl = geometry.PixelAreaMm2 * geometry.SliceExtentMm(slice) / 1000;
            var (ours, theirs, both) = Count((byte)type, mask.Labels.AsSpan(slice * sliceSize, sliceSize), reference.Labels.AsSpan(slice * sliceSize, sliceSize));
            volume += ours * voxelMl;
            referenceVolume += theirs * voxelMl;
            overlap += both * voxelMl;
        }

        double? dice = volume + referenceVolume > 0 ? 2 * overlap / (volume + referenceVolume) : null;
        return new TypeAgreement(type, dice, volume, referenceVolume);
    }

    private static (int Ours, int Theirs, int Both) Count(byte label, ReadOnlySpan<byte> mask, ReadOnlySpan<byte> reference)
    {
        var (ours, theirs, both) = (0, 0, 0);
        for (var i = 0; i < mask.Length; i++)
        {
            ours += mask[i] == label ? 1 : 0;
            theirs += reference[i] == label ? 1 : 0;
            both += mask[i] == label && reference[i] == label ? 1 : 0;
        }

        return (ours, theirs, both);
    }
}
