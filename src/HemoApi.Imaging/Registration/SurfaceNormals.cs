using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Registration;

/// <summary>Normals from planes through neighbouring points. Densities on neighbouring thick slices do not tell them: where the skull leans by more than
/// its own thickness from slice to slice, they make it half as steep as it is.</summary>
internal static class SurfaceNormals
{
    private const double LeastReachMm = 5;
    private const double SlicesReached = 1.5;
    private const int FewestNeighbours = 6;

    /// <summary>Neighbours on one line do not make a plane: the smaller spread over the larger, squared.</summary>
    private const double LeastSpread = 0.03;

    /// <summary>The same points without those whose neighbours make no plane, with the normals of the planes.</summary>
    /// <param name="points">Their normals are roughly right.</param>
    public static IEnumerable<SurfacePoint> Refit(IReadOnlyList<SurfacePoint> points, double sliceSpacingMm)
    {
        var reach = Math.Max(LeastReachMm, SlicesReached * sliceSpacingMm);
        (int X, int Y, int Z) CellOf(Vector3D p) => ((int)Math.Floor(p.X / reach), (int)Math.Floor(p.Y / reach), (int)Math.Floor(p.Z / reach));
        var cells = points.GroupBy(p => CellOf(p.LpsMm)).ToDictionary(g => g.Key, g => g.ToArray());
        var refitted = new SurfacePoint?[points.Count];
        Parallel.For(0, points.Count, i =>
        {
            var fit = new PlaneFit(points[i]);
            var (x, y, z) = CellOf(points[i].LpsMm);
            for (var cell = 0; cell < 27; cell++)
            {
                if (cells.TryGetValue((x + (cell % 3) - 1, y + (cell / 3 % 3) - 1, z + (cell / 9) - 1), out var neighbours))
                {
                    foreach (var neighbour in neighbours)
                    {
                        fit.Add(neighbour, reach);
                    }
                }
            }

            refitted[i] = fit.Normal() is { } normal ? points[i] with { Normal = normal } : null;
        });
        return refitted.OfType<SurfacePoint>();
    }

    /// <summary>Least squares of heights over the plane that a point's rough normal gives.</summary>
    private struct PlaneFit
    {
        private readonly SurfacePoint _point;
        private readonly Vector3D _u;
        private readonly Vector3D _v;
        private int _count;
        private (double U, double V, double H) _sum;
        private (double UU, double UV, double VV, double UH, double VH) _products;

        public PlaneFit(SurfacePoint point)
        {
            _point = point;
            var n = point.Normal;
            _u = n.Cross(Math.Abs(n.Z) < 0.9 ? new(0, 0, 1) : new(1, 0, 0)).Normalized();
            _v = n.Cross(_u);
        }

        public void Add(SurfacePoint neighbour, double reachMm)
        {
            var apart = neighbour.LpsMm - _point.LpsMm;
            if (apart.Dot(apart) > reachMm * reachMm || neighbour.Normal.Dot(_point.Normal) < 0.5)
            {
                return;
            }

            var (u, v, h) = (apart.Dot(_u), apart.Dot(_v), apart.Dot(_point.Normal));
            _count++;
            _sum = (_sum.U + u, _sum.V + v, _sum.H + h);
            _products = (_products.UU + (u * u), _products.UV + (u * v), _products.VV + (v * v), _products.UH + (u * h), _products.VH + (v * h));
        }

        /// <summary>Null where the neighbours make no plane.</summary>
        public readonly Vector3D? Normal()
        {
            var (u, v, h) = (_sum.U / _count, _sum.V / _count, _sum.H / _count);
            var (uu, uv, vv) = ((_products.UU / _count) - (u * u), (_products.UV / _count) - (u * v), (_products.VV / _count) - (v * v));
            var (uh, vh) = ((_products.UH / _count) - (u * h), (_products.VH / _count) - (v * h));
            var determinant = (uu * vv) - (uv * uv);
            if (_count < FewestNeighbours || determinant < LeastSpread * (uu + vv) * (uu + vv) / 4)
            {
                return null;
            }

            var (slopeU, slopeV) = (((uh * vv) - (vh * uv)) / determinant, ((vh * uu) - (uh * uv)) / determinant);
            return (_point.Normal - (_u * slopeU) - (_v * slopeV)).Normalized();
        }
    }
}
