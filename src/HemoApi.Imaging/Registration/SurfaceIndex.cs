using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Registration;

/// <summary>Finds the nearest point of a surface that faces the same way: a balanced k-d tree (Bentley 1975) laid out in one array.</summary>
internal sealed class SurfaceIndex
{
    /// <summary>Normals further apart (45°) belong to another surface: the other side of the bone, or another bone.</summary>
    private const double LeastCosine = 0.7;

    private readonly SurfacePoint[] _points;

    public SurfaceIndex(IEnumerable<SurfacePoint> points)
    {
        _points = [.. points];
        Sort(0, _points.Length, 0);
    }

    /// <summary>False where none is within the distance.</summary>
    public bool TryFind(Vector3D lpsMm, Vector3D normal, double withinMm, out SurfacePoint nearest)
    {
        var search = new Search(lpsMm, normal, withinMm * withinMm);
        Descend(ref search, 0, _points.Length, 0);
        nearest = search.Found >= 0 ? _points[search.Found] : default;
        return search.Found >= 0;
    }

    private static double Coordinate(Vector3D v, int axis) => axis == 0 ? v.X : axis == 1 ? v.Y : v.Z;

    private void Sort(int from, int to, int axis)
    {
        if (to - from < 2)
        {
            return;
        }

        var keys = new double[to - from];
        for (var i = from; i < to; i++)
        {
            keys[i - from] = Coordinate(_points[i].LpsMm, axis);
        }

        MemoryExtensions.Sort(keys.AsSpan(), _points.AsSpan(from, to - from));
        var middle = (from + to) / 2;
        Sort(from, middle, (axis + 1) % 3);
        Sort(middle + 1, to, (axis + 1) % 3);
    }

    private void Descend(ref Search search, int from, int to, int axis)
    {
        if (from >= to)
        {
            return;
        }

        var middle = (from + to) / 2;
        ref readonly var point = ref _points[middle];
        var apart = search.Point - point.LpsMm;
        var squared = apart.Dot(apart);
        if (squared < search.Squared && point.Normal.Dot(search.Normal) >= LeastCosine)
        {
            (search.Squared, search.Found) = (squared, middle);
        }

        var beyond = Coordinate(apart, axis);
        var next = (axis + 1) % 3;
        var (near, far) = beyond < 0 ? ((from, middle), (middle + 1, to)) : ((middle + 1, to), (from, middle));
        Descend(ref search, near.Item1, near.Item2, next);
        if (beyond * beyond < search.Squared)
        {
            Descend(ref search, far.Item1, far.Item2, next);
        }
    }

    private struct Search(Vector3D point, Vector3D normal, double squared)
    {
        public readonly Vector3D Point = point;
        public readonly Vector3D Normal = normal;
        public double Squared = squared;
        public int Found = -1;
    }
}
