using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Quantification;

/// <summary>Largest distance between two points of a lesion, in any direction. Both ends lie in the planes of slices, so on thick
/// slices it can be short by up to one spacing along the normal.</summary>
internal static class LongestDiameter
{
    /// <returns>mm.</returns>
    public static double Mm(ConnectedLesion lesion, VolumeGeometry geometry)
    {
        // The ends of the longest line are corners of the convex hull, and those are corners of their slices' hulls.
        var corners = new List<Vector3D>();
        foreach (var slice in lesion.Runs.ToArray().GroupBy(run => run.Slice))
        {
            var outline = slice.SelectMany(run => Abc2Estimate.OutlinePoints(run, geometry)).ToList();
            corners.AddRange(Hull(outline).Select(p => geometry.ToLpsMm(p.X / geometry.ColumnSpacingMm, p.Y / geometry.RowSpacingMm, slice.Key)));
        }

        var longest = 0.0;
        for (var i = 0; i < corners.Count; i++)
        {
            for (var j = i + 1; j < corners.Count; j++)
            {
                var line = corners[j] - corners[i];
                longest = Math.Max(longest, line.Dot(line));
            }
        }

        return Math.Sqrt(longest);
    }

    /// <summary>Corners of the convex hull (Andrew's monotone chain).</summary>
    private static List<(double X, double Y)> Hull(List<(double X, double Y)> points)
    {
        points.Sort();
        var hull = new List<(double X, double Y)>();
        foreach (var chain in (IEnumerable<(double X, double Y)>[])[points, points.AsEnumerable().Reverse()])
        {
            var start = hull.Count;
            foreach (var point in chain)
            {
                while (hull.Count >= start + 2 && Turn(hull[^2], hull[^1], point) <= 0)
                {
                    hull.RemoveAt(hull.Count - 1);
                }

                hull.Add(point);
            }

            hull.RemoveAt(hull.Count - 1);
        }

        return hull;
    }

    private static double Turn((double X, double Y) a, (double X, double Y) b, (double X, double Y) c) =>
        ((b.X - a.X) * (c.Y - a.Y)) - ((b.Y - a.Y) * (c.X - a.X));
}
