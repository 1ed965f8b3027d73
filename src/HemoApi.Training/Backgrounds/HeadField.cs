using HemoApi.Imaging.Volumes;

namespace HemoApi.Training.Backgrounds;

/// <summary>What a head shows at a point.</summary>
/// <param name="DepthMm">Distance to the inner table inside of the cranial cavity; negative outside of it.</param>
/// <param name="OutsideMm">Distance to the skull outside of it, 0 elsewhere; at most about 1,600.</param>
/// <param name="SmoothHu">Mean density around the point: CSF and brain without their noise.</param>
internal readonly record struct HeadPoint(float Hu, float DepthMm, float OutsideMm, float SmoothHu);

/// <summary>A head without hemorrhage in its own frame: +X to the left, +Y to posterior, +Z to superior, mm, origin in the middle of the
/// cranial cavity. Density and distances lie on a regular grid and are interpolated linearly.</summary>
internal sealed class HeadField
{
    public const double PlaneMm = 0.8;
    public const double LevelMm = 1.6;

    private const int Channels = 4;
    private const float DistanceSteps = 20;
    private const float AirHu = -1000;
    private const double NormalStepMm = 1.6;
    private const int PointsKept = 20_000;

    private readonly short[] _values;
    private readonly int _columns;
    private readonly int _rows;
    private readonly int _levels;
    private readonly Vector3D _origin;

    /// <param name="hu">levels × rows × columns, levels to superior.</param>
    /// <param name="cavity">As <paramref name="hu"/>; the cavity of the lowest level is taken to go on below it, as it does.</param>
    /// <param name="outsideMm">As <paramref name="hu"/>.</param>
    /// <param name="nativeThicknessMm">Of the slices that the head comes from.</param>
    public HeadField(float[] hu, bool[] cavity, float[] outsideMm, int levels, int rows, int columns, double nativeThicknessMm)
    {
        (_levels, _rows, _columns, NativeThicknessMm) = (levels, rows, columns, nativeThicknessMm);
        var area = rows * columns;
        var lowest = Enumerable.Range(0, levels).First(level => cavity.AsSpan(level * area, area).Contains(true));
        var depth = SignedDepthMm(cavity, lowest, levels, rows, columns);
        var smooth = FieldFilters.Smooth(hu, levels, rows, columns);
        _values = new short[hu.Length * Channels];
        Parallel.For(0, hu.Length, i =>
        {
            _values[i * Channels] = (short)Math.Clamp(hu[i], -1100, 3500);
            _values[(i * Channels) + 1] = Steps(i / area < lowest ? -Math.Abs(depth[i]) : depth[i]);
            _values[(i * Channels) + 2] = Steps(outsideMm[i]);
            _values[(i * Channels) + 3] = (short)Math.Clamp(smooth[i], -1100, 3500);
        });

        var inside = Enumerable.Range(0, cavity.Length).Where(i => cavity[i]).ToList();
        var middle = new Vector3D(
            inside.Average(i => (double)(i % columns)) * PlaneMm, inside.Average(i => (double)(i % area / columns)) * PlaneMm, inside.Average(i => (double)(i / area)) * LevelMm);
        _origin = middle * -1;
        LowestMm = _origin.Z;
        LowestCavityMm = (lowest * LevelMm) + _origin.Z;
        HighestCavityMm = (inside[^1] / area * LevelMm) + _origin.Z;
        SurfacePoints = Points(inside.Where(i => depth[i] is > 0.4f and < 1.9f));
        InnerPoints = Points(inside.Where(i => depth[i] > 3));
    }

    /// <summary>Height of the lowest level, and of the lowest one with a closed cavity.</summary>
    public double LowestMm { get; }

    public double LowestCavityMm { get; }

    public double HighestCavityMm { get; }

    public double NativeThicknessMm { get; }

    /// <summary>Points just inside the inner table.</summary>
    public IReadOnlyList<Vector3D> SurfacePoints { get; }

    /// <summary>Points in the brain.</summary>
    public IReadOnlyList<Vector3D> InnerPoints { get; }

    /// <returns>Air outside of the grid to the sides; to superior and inferior the nearest level goes on.</returns>
    public HeadPoint At(Vector3D pointMm)
    {
        if (!TryFind(pointMm, out var at, out var u, out var v, out var w, out var up))
        {
            return new(AirHu, -50, 50, AirHu);
        }

        return new(Mix(at, u, v, w, up), Mix(at + 1, u, v, w, up) / DistanceSteps, Mix(at + 2, u, v, w, up) / DistanceSteps, Mix(at + 3, u, v, w, up));
    }

    /// <summary>Unit direction away from the inner table; the null vector where the distance has no slope.</summary>
    public Vector3D InwardNormal(Vector3D pointMm)
    {
        var slope = new Vector3D(
            DepthMm(pointMm + new Vector3D(NormalStepMm, 0, 0)) - DepthMm(pointMm - new Vector3D(NormalStepMm, 0, 0)),
            DepthMm(pointMm + new Vector3D(0, NormalStepMm, 0)) - DepthMm(pointMm - new Vector3D(0, NormalStepMm, 0)),
            DepthMm(pointMm + new Vector3D(0, 0, NormalStepMm)) - DepthMm(pointMm - new Vector3D(0, 0, NormalStepMm)));
        var length = slope.Length;
        return length < 1e-3 ? default : slope * (1 / length);
    }

    private double DepthMm(Vector3D pointMm) =>
        TryFind(pointMm, out var at, out var u, out var v, out var w, out var up) ? Mix(at + 1, u, v, w, up) / DistanceSteps : -50;

    private bool TryFind(Vector3D p, out int at, out float u, out float v, out float w, out int up)
    {
        var x = (p.X - _origin.X) / PlaneMm;
        var y = (p.Y - _origin.Y) / PlaneMm;
        var z = Math.Clamp((p.Z - _origin.Z) / LevelMm, 0, _levels - 1.001);
        var (column, row, level) = ((int)Math.Floor(x), (int)Math.Floor(y), (int)z);
        (u, v, w) = ((float)(x - column), (float)(y - row), (float)(z - level));
        up = _rows * _columns * Channels;
        at = ((((level * _rows) + row) * _columns) + column) * Channels;
        return column >= 0 && row >= 0 && column < _columns - 1 && row < _rows - 1;
    }

    private float Mix(int at, float u, float v, float w, int up)
    {
        var low = Plane(at, u, v);
        return low + ((Plane(at + up, u, v) - low) * w);
    }

    private float Plane(int at, float u, float v)
    {
        var down = at + (_columns * Channels);
        var top = _values[at] + ((_values[at + Channels] - _values[at]) * u);
        var bottom = _values[down] + ((_values[down + Channels] - _values[down]) * u);
        return top + ((bottom - top) * v);
    }

    private Vector3D[] Points(IEnumerable<int> voxels)
    {
        var all = voxels.ToList();
        var step = Math.Max(1, all.Count / PointsKept);
        var area = _rows * _columns;
        return [.. Enumerable.Range(0, all.Count / step).Select(n => all[n * step]).Select(i =>
            _origin + new Vector3D(i % _columns * PlaneMm, i % area / _columns * PlaneMm, i / area * LevelMm))];
    }

    private static float[] SignedDepthMm(bool[] cavity, int lowest, int levels, int rows, int columns)
    {
        var area = rows * columns;
        var extended = (bool[])cavity.Clone();
        for (var level = 0; level < lowest; level++)
        {
            cavity.AsSpan(lowest * area, area).CopyTo(extended.AsSpan(level * area));
        }

        var inside = DistanceTransform.ToOutsideMm(extended, levels, rows, columns, PlaneMm, LevelMm);
        var outside = DistanceTransform.ToOutsideMm(Array.ConvertAll(extended, e => !e), levels, rows, columns, PlaneMm, LevelMm);
        Parallel.For(0, inside.Length, i => inside[i] -= outside[i]);
        return inside;
    }

    private static short Steps(float mm) => (short)Math.Clamp(mm * DistanceSteps, short.MinValue, short.MaxValue);
}
