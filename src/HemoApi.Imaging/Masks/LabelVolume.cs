using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Masks;

/// <summary>One label a voxel (0 none, else <see cref="HemorrhageType"/>) on the grid of a CT volume.</summary>
public sealed class LabelVolume
{
    /// <param name="labels">In the voxel order of <see cref="VolumeGeometry"/>. Not copied.</param>
    /// <exception cref="ArgumentException">The number of voxels is not that of the geometry, or a label is none of ours.</exception>
    public LabelVolume(VolumeGeometry geometry, byte[] labels)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.Length != geometry.VoxelCount)
        {
            throw new ArgumentException($"{labels.Length} labels for a geometry of {geometry.VoxelCount}", nameof(labels));
        }

        if (labels.AsSpan().ContainsAnyExceptInRange((byte)0, (byte)HemorrhageType.Sdh))
        {
            throw new ArgumentException("labels are 0 to 3", nameof(labels));
        }

        Geometry = geometry;
        Labels = labels;
    }

    public VolumeGeometry Geometry { get; }

    public byte[] Labels { get; }

    /// <summary>For walks over hemorrhages: most of a scan has none.</summary>
    /// <returns>The first voxel with a label at or after one; -1 where there is none.</returns>
    internal int NextMarked(int voxel)
    {
        var found = Labels.AsSpan(voxel).IndexOfAnyExcept((byte)0);
        return found < 0 ? -1 : voxel + found;
    }
}
