using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Registration;

/// <param name="Normal">Unit, out of the bone.</param>
internal readonly record struct SurfacePoint(Vector3D LpsMm, Vector3D Normal);

/// <summary>The surfaces of the skull, outer and inner, as points about 2 mm apart, each to a fraction of a pixel. Made slice by slice, so that
/// a scan of a thousand slices takes no more memory than one of thirty.</summary>
public sealed class SkullSurface
{
    private const double CellMm = 2;

    /// <summary>Lines and slices closer than this to the one before are passed over.</summary>
    private const double LineMm = 0.9;

    private readonly HashSet<(int X, int Y, int Z)> _taken = [];
    private List<SurfacePoint> _points = [];

    private SkullSurface(double sliceSpacingMm) => SliceSpacingMm = sliceSpacingMm;

    /// <summary>Between the slices that the points lie on; the points of one slice are nearer to each other.</summary>
    internal double SliceSpacingMm { get; }

    /// <summary>LPS mm, in the order of slices.</summary>
    internal IReadOnlyList<SurfacePoint> Points => _points;

    public int Count => _points.Count;

    public static SkullSurface Of(CtVolume image) =>
        Of(image.Geometry, Enumerable.Range(0, image.Geometry.SliceCount).Select(k => image.Slice(k).ToArray()));

    /// <param name="slices">HU, rows × columns, one array for each slice of the geometry in its order; three of them are held at a time.</param>
    /// <exception cref="ArgumentException">There are fewer slices than the geometry has.</exception>
    public static SkullSurface Of(VolumeGeometry geometry, IEnumerable<short[]> slices)
    {
        var surface = new SkullSurface(Math.Max(LineMm, geometry.MeanSliceSpacingMm));
        using var source = slices.GetEnumerator();
        short[] Next() => source.MoveNext() ? source.Current : throw new ArgumentException("fewer slices than the geometry has", nameof(slices));
        var (before, here, last) = (default(short[]), Next(), double.NegativeInfinity);
        for (var k = 0; k < geometry.SliceCount; k++)
        {
            var after = k + 1 < geometry.SliceCount ? Next() : null;
            var position = geometry.PositionAlongNormalMm(k);
            if (geometry.SliceCount > 1 && position - last >= LineMm)
            {
                last = position;
                new SkullSlice(geometry, k, before, here, after).AddTo(surface.Add, LineMm);
            }

            (before, here) = (here, after!);
        }

        surface._points = [.. SurfaceNormals.Refit(surface._points, surface.SliceSpacingMm)];
        surface._taken.Clear();
        return surface;
    }

    private void Add(SurfacePoint point)
    {
        var (p, n) = point;

        // The two sides of thin bone are different surfaces.
        var side = Math.Abs(n.X) > Math.Abs(n.Y) ? (n.X > 0 ? 1 : 2) : (n.Y > 0 ? 3 : 4);
        if (_taken.Add(((int)Math.Floor(p.X / CellMm), (int)Math.Floor(p.Y / CellMm), ((int)Math.Floor(p.Z / CellMm) * 5) + side)))
        {
            _points.Add(point);
        }
    }
}
