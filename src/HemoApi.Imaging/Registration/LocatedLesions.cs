using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Registration;

/// <summary>The lesions of a scan, found by place. Memory grows with the lesions and not with the scan.</summary>
public sealed class LocatedLesions
{
    private readonly VolumeGeometry _geometry;
    private readonly VoxelLookup _lookup;
    private readonly IReadOnlyList<ConnectedLesion> _lesions;
    private readonly Dictionary<(int Slice, int Row), List<(LabelRun Run, int Lesion)>> _rows = [];

    /// <param name="mask">Not held. Its lesions count from 0 here, and from 1 as <see cref="Quantification.Lesion.Id"/>, in the same order.</param>
    public LocatedLesions(LabelVolume mask)
    {
        _geometry = mask.Geometry;
        _lookup = new VoxelLookup(_geometry);
        _lesions = ConnectedLesions.LargestFirst(mask);
        for (var lesion = 0; lesion < _lesions.Count; lesion++)
        {
            foreach (var run in _lesions[lesion].Runs.Span)
            {
                if (!_rows.TryGetValue((run.Slice, run.Row), out var runs))
                {
                    _rows[(run.Slice, run.Row)] = runs = [];
                }

                runs.Add((run, lesion));
            }
        }
    }

    public int Count => _lesions.Count;

    public HemorrhageType TypeOf(int lesion) => _lesions[lesion].Type;

    public double VolumeMl(int lesion) => _lesions[lesion].VolumeMl(_geometry);

    /// <summary>Which lesions meet one of the same type in another scan.</summary>
    /// <param name="toOther">Takes a point of this scan to the other.</param>
    /// <param name="offsetsMm">In the other scan: a voxel meets a lesion that holds its place moved by one of them.</param>
    internal HashSet<(int Own, int Other)> Meets(LocatedLesions other, RigidMotion toOther, IReadOnlyList<Vector3D> offsetsMm)
    {
        var pairs = new HashSet<(int Own, int Other)>();
        for (var own = 0; own < _lesions.Count; own++)
        {
            foreach (var run in _lesions[own].Runs.Span)
            {
                for (var column = run.Start; column < run.End; column++)
                {
                    var place = toOther.Apply(_geometry.ToLpsMm(column, run.Row, run.Slice));
                    foreach (var offset in offsetsMm)
                    {
                        if (other.At(place + offset) is { } found && other.TypeOf(found) == TypeOf(own))
                        {
                            pairs.Add((own, found));
                        }
                    }
                }
            }
        }

        return pairs;
    }

    private int? At(Vector3D lpsMm)
    {
        if (_lookup.TryFind(lpsMm, out var column, out var row, out var slice) && _rows.TryGetValue((slice, row), out var runs))
        {
            foreach (var (run, lesion) in runs)
            {
                if (column >= run.Start && column < run.End)
                {
                    return lesion;
                }
            }
        }

        return null;
    }
}
