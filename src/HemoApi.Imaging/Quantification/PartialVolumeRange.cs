using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Quantification;

/// <summary>What a lesion's volume can be, given only that the mask holds the voxels that are at least half full of blood: a voxel at the
/// edge may be half full or full, one just outside empty or nearly half full.</summary>
/// <param name="LowestMl">Every voxel at the edge is half full.</param>
/// <param name="HighestMl">Every voxel at the edge is full, and every neighbour half full.</param>
public sealed record PartialVolumeRange(double LowestMl, double HighestMl)
{
    internal static PartialVolumeRange Of(ConnectedLesion lesion, VoxelBox box, VolumeGeometry geometry)
    {
        var block = new VoxelBlock(lesion, box, margin: 1, marginSlices: 1, geometry);
        var (columns, size) = (block.Columns, block.Columns * block.Rows);
        var (edgeMm, neighboursMm, insideMm) = (0.0, 0.0, 0.0);
        for (var slice = 0; slice < block.Slices; slice++)
        {
            var (edge, neighbours, inside) = (0, 0, 0);
            for (var at = slice * size; at < (slice + 1) * size; at++)
            {
                var mixed = HasNeighbour(block.Voxels, at, columns, size, wanted: (byte)(1 - block.Voxels[at]));
                inside += block.Voxels[at];
                edge += mixed && block.Voxels[at] == 1 ? 1 : 0;
                neighbours += mixed && block.Voxels[at] == 0 ? 1 : 0;
            }

            var extent = block.ExtentMm(slice);
            (edgeMm, neighboursMm, insideMm) = (edgeMm + (edge * extent), neighboursMm + (neighbours * extent), insideMm + (inside * extent));
        }

        var ml = geometry.PixelAreaMm2 / 1000;
        return new((insideMm - (edgeMm / 2)) * ml, (insideMm + (neighboursMm / 2)) * ml);
    }

    private static bool HasNeighbour(byte[] voxels, int at, int columns, int size, byte wanted)
    {
        return Holds(at - 1) || Holds(at + 1) || Holds(at - columns) || Holds(at + columns) || Holds(at - size) || Holds(at + size);

        bool Holds(int index) => index >= 0 && index < voxels.Length && voxels[index] == wanted;
    }
}
