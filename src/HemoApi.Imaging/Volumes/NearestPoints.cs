namespace HemoApi.Imaging.Volumes;

/// <summary>Points sorted into cubes, to find the nearest one to a point quickly.</summary>
internal sealed class NearestPoints
{
    private const double CellMm = 6;

    private readonly Dictionary<(int X, int Y, int Z), List<Vector3D>> _cells = [];

    public int Count { get; private set; }

    public void Add(Vector3D pointMm)
    {
        var cell = CellOf(pointMm);
        if (!_cells.TryGetValue(cell, out var points))
        {
            _cells[cell] = points = [];
        }

        points.Add(pointMm);
        Count++;
    }

    /// <param name="withinMm">Points further away need not be found.</param>
    /// <param name="stopBelowMm">The search ends with the first point that is nearer than this.</param>
    /// <returns>Null where there is none.</returns>
    public Vector3D? Find(Vector3D pointMm, double withinMm = double.PositiveInfinity, double stopBelowMm = 0)
    {
        var (best, nearest) = (withinMm, default(Vector3D?));
        var (centre, seen) = (CellOf(pointMm), 0);
        for (var ring = 0; seen < Count && (ring - 1) * CellMm < best; ring++)
        {
            foreach (var cell in Ring(centre, ring))
            {
                if (!_cells.TryGetValue(cell, out var points))
                {
                    continue;
                }

                seen += points.Count;
                foreach (var other in points)
                {
                    var distance = (other - pointMm).Length;
                    if (distance < best)
                    {
                        (best, nearest) = (distance, other);
                    }
                }

                if (best < stopBelowMm)
                {
                    return nearest;
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

    private static (int X, int Y, int Z) CellOf(Vector3D point) =>
        ((int)Math.Floor(point.X / CellMm), (int)Math.Floor(point.Y / CellMm), (int)Math.Floor(point.Z / CellMm));
}
