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

    /// <summary>No collection is thicker; the search for bone ends there.</summary>
    private const double ReachMm = 60;

    private const double StepMm = 0.5;

    private readonly NearestPoints _bone = new();
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
        var (deepest, touches, last) = (0.0, false, default(Vector3D?));
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

                // Most voxels are as near to the bone that their neighbour was near to.
                if ((touches && last is { } known && (known - point).Length <= deepest)
                    || thickness._bone.Find(point, ReachMm, stopBelowMm: touches ? deepest : 0) is not { } bone)
                {
                    continue;
                }

                last = bone;
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
                        _bone.Add(_geometry.ToLpsMm(column, row, slice));
                    }
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
}
