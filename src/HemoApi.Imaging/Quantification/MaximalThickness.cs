using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Quantification;

/// <summary>How thick an extradural or subdural collection is: the largest distance from the inner table of the skull to a voxel of the
/// collection. The shortest way to a surface is along the surface's normal, so no normal has to be estimated.</summary>
/// <remarks>Experimental. On thick slices it is right to about half a slice where the skull lies flat in the slice; where a collection
/// follows falx or tentorium it is the depth along them.</remarks>
internal sealed class MaximalThickness
{
    private const short BoneHu = 250;

    /// <summary>A mask ends short of the bone by the blur of its edge; where it stays further away it is not a collection against bone.</summary>
    private const double GapMm = 4;

    private const double CellMm = 6;
    private const double StepMm = 0.5;

    private readonly Dictionary<(int X, int Y, int Z), List<Vector3D>> _bone = [];
    private readonly VolumeGeometry _geometry;
    private readonly VoxelLookup _lookup;
    private readonly VoxelBlock _lesion;

    private MaximalThickness(CtVolume image, ConnectedLesion lesion, VoxelBox box)
    {
        _geometry = image.Geometry;
        _lookup = new VoxelLookup(_geometry);
        _lesion = new VoxelBlock(lesion, box, margin: 1, marginSlices: 1, _geometry);
        CollectBone(image, box);
    }

    /// <returns>mm; null where the collection does not lie against bone.</returns>
    public static double? Mm(CtVolume image, ConnectedLesion lesion, VoxelBox box)
    {
        var thickness = new MaximalThickness(image, lesion, box);
        var (deepest, touches) = (0.0, false);
        foreach (var run in lesion.Runs.Span)
        {
            for (var column = run.Start; column < run.End; column++)
            {
                // The distance to bone has its largest value on the outline.
                if (!thickness.IsOnOutline(run, column))
                {
                    continue;
                }

                var point = image.Geometry.ToLpsMm(column, run.Row, run.Slice);
                if (thickness.Nearest(point, stopBelowMm: touches ? deepest : 0) is not { } bone)
                {
                    continue;
                }

                var distance = (bone - point).Length;
                touches |= distance <= GapMm;
                if (distance > deepest && thickness.IsInside(point, bone))
                {
                    deepest = distance;
                }
            }
        }

        return touches ? deepest : null;
    }

    private bool IsOnOutline(LabelRun run, int column) => column == run.Start || column == run.End - 1
        || !_lesion.Holds(column, run.Row - 1, run.Slice) || !_lesion.Holds(column, run.Row + 1, run.Slice);

    /// <summary>Bone voxels with another neighbour, which are the surface of the bone.</summary>
    private void CollectBone(CtVolume image, VoxelBox box)
    {
        var (marginColumns, marginRows) = ((int)(15 / _geometry.ColumnSpacingMm), (int)(15 / _geometry.RowSpacingMm));
        var marginSlices = (int)Math.Ceiling(15 / _geometry.MeanSliceSpacingMm);
        for (var slice = Math.Max(0, box.MinSlice - marginSlices); slice <= Math.Min(_geometry.SliceCount - 1, box.MaxSlice + marginSlices); slice++)
        {
            var hu = image.Slice(slice);
            for (var row = Math.Max(1, box.MinRow - marginRows); row <= Math.Min(_geometry.Rows - 2, box.MaxRow + marginRows); row++)
            {
                for (var column = Math.Max(1, box.MinColumn - marginColumns); column <= Math.Min(_geometry.Columns - 2, box.MaxColumn + marginColumns); column++)
                {
                    var at = (row * _geometry.Columns) + column;
                    if (hu[at] >= BoneHu
                        && (hu[at - 1] < BoneHu || hu[at + 1] < BoneHu || hu[at - _geometry.Columns] < BoneHu || hu[at + _geometry.Columns] < BoneHu))
                    {
                        AddBone(_geometry.ToLpsMm(column, row, slice));
                    }
                }
            }
        }
    }

    private void AddBone(Vector3D point)
    {
        var cell = CellOf(point);
        if (!_bone.TryGetValue(cell, out var points))
        {
            _bone[cell] = points = [];
        }

        points.Add(point);
    }

    /// <returns>The nearest point of bone; null where one is nearer than <paramref name="stopBelowMm"/>, or there is none.</returns>
    private Vector3D? Nearest(Vector3D point, double stopBelowMm)
    {
        const int FarthestRing = 12;
        var (best, nearest) = (double.PositiveInfinity, default(Vector3D?));
        var centre = CellOf(point);
        for (var ring = 0; ring <= FarthestRing && (ring - 1) * CellMm < best; ring++)
        {
            foreach (var cell in Ring(centre, ring))
            {
                if (!_bone.TryGetValue(cell, out var points))
                {
                    continue;
                }

                foreach (var bone in points)
                {
                    var distance = (bone - point).Length;
                    if (distance < best)
                    {
                        (best, nearest) = (distance, bone);
                    }
                }

                if (best < stopBelowMm)
                {
                    return null;
                }
            }
        }

        return nearest;
    }

    private static IEnumerable<(int X, int Y, int Z)> Ring((int X, int Y, int Z) centre, int ring)
    {
        for (var z = -ring; z <= ring; z++)
        {
            for (var y = -ring; y <= ring; y++)
            {
                var step = Math.Abs(z) == ring || Math.Abs(y) == ring || ring == 0 ? 1 : 2 * ring;
                for (var x = -ring; x <= ring; x += step)
                {
                    yield return (centre.X + x, centre.Y + y, centre.Z + z);
                }
            }
        }
    }

    /// <summary>Whether the way from a voxel to the bone stays in the lesion, up to the gap before the bone.</summary>
    private bool IsInside(Vector3D point, Vector3D bone)
    {
        var way = bone - point;
        var length = way.Length;
        for (var along = StepMm; along < length - GapMm; along += StepMm)
        {
            if (!_lookup.TryFind(point + (way * (along / length)), out var column, out var row, out var slice) || !_lesion.Holds(column, row, slice))
            {
                return false;
            }
        }

        return true;
    }

    private static (int X, int Y, int Z) CellOf(Vector3D point) =>
        ((int)Math.Floor(point.X / CellMm), (int)Math.Floor(point.Y / CellMm), (int)Math.Floor(point.Z / CellMm));
}
