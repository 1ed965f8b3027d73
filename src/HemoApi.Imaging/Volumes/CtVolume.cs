namespace HemoApi.Imaging.Volumes;

/// <summary>CT voxels in Hounsfield units with their geometry; one cannot exist without the other.</summary>
public sealed class CtVolume
{
    /// <param name="hounsfield">HU, rounded to integers, in the voxel order of <see cref="VolumeGeometry"/>. Not copied.</param>
    /// <exception cref="ArgumentException">The number of voxels is not that of the geometry.</exception>
    public CtVolume(VolumeGeometry geometry, short[] hounsfield)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        ArgumentNullException.ThrowIfNull(hounsfield);
        if (hounsfield.Length != geometry.VoxelCount)
        {
            throw new ArgumentException($"{hounsfield.Length} voxels for a geometry of {geometry.VoxelCount}", nameof(hounsfield));
        }

        Geometry = geometry;
        Hounsfield = hounsfield;
    }

    public VolumeGeometry Geometry { get; }

    public short[] Hounsfield { get; }

    /// <summary>The HU of one slice, rows × columns.</summary>
    public ReadOnlySpan<short> Slice(int slice)
    {
        var size = Geometry.Rows * Geometry.Columns;
        return Hounsfield.AsSpan(slice * size, size);
    }
}
