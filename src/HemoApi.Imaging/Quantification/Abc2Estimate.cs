using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Quantification;

/// <summary>The bedside estimate A·B·C / 2 of a hematoma (Kothari et al. 1996, "The ABCs of measuring intracerebral hemorrhage
/// volumes"): on the slice of the largest area, A is the longest diameter and B the longest one perpendicular to it; C adds up the
/// extents of the slices, those of over 75 % of the largest area whole, those of 25 to 75 % half, smaller ones not at all.</summary>
/// <remarks>For an ellipsoid the weights make C about 0.68 of its height, so the estimate is about two thirds of the volume; it stands
/// beside the planimetric volume because clinicians compare with it, and is never used in its place.</remarks>
public sealed record Abc2Estimate(double AMm, double BMm, double CMm)
{
    /// <summary>A pixel belongs to the lesion where its centre does, so the outermost centres lie inside of the outline, by this share of a
    /// pixel on average over smooth outlines in all directions.</summary>
    private const double OutlineBeyondCentre = 0.2;

    private const double WholeSliceShare = 0.75;
    private const double HalfSliceShare = 0.25;

    /// <summary>Whether the estimate holds for a type: crescents and lenses are no ellipsoids (Xu et al. 2021: not applicable).</summary>
    public static bool AppliesTo(HemorrhageType type) => type == HemorrhageType.Ich;

    public double VolumeMl => AMm * BMm * CMm / 2 / 1000;

    /// <param name="lesion">Of a type that the estimate <see cref="AppliesTo"/>.</param>
    public static Abc2Estimate Of(ConnectedLesion lesion, VolumeGeometry geometry)
    {
        var bySlice = lesion.Runs.ToArray().GroupBy(run => run.Slice).Select(slice => (Slice: slice.Key, Runs: slice.ToArray(), Pixels: slice.Sum(run => run.Length))).ToList();
        var largest = bySlice.MaxBy(slice => slice.Pixels);
        var (a, along) = LongestDiameter(largest.Runs, geometry);
        var b = PerpendicularDiameter.LengthMm(largest.Runs, geometry, along, a, OutlineBeyondCentre);
        var c = bySlice.Sum(slice => ((double)slice.Pixels / largest.Pixels) switch
        {
            > WholeSliceShare => geometry.SliceExtentMm(slice.Slice),
            >= HalfSliceShare => geometry.SliceExtentMm(slice.Slice) / 2,
            _ => 0,
        });
        return new(a, b, c);
    }

    /// <returns>Its length, and its direction in the plane of the slice (columns, rows).</returns>
    private static (double LengthMm, (double X, double Y) Direction) LongestDiameter(LabelRun[] runs, VolumeGeometry geometry)
    {
        // Only the ends of runs can be the ends of a diameter.
        var outline = runs.SelectMany(run => OutlinePoints(run, geometry)).ToArray();
        var (best, direction) = (0.0, (X: 1.0, Y: 0.0));
        for (var i = 0; i < outline.Length; i++)
        {
            for (var j = i + 1; j < outline.Length; j++)
            {
                var (x, y) = (outline[j].X - outline[i].X, outline[j].Y - outline[i].Y);
                if ((x * x) + (y * y) > best)
                {
                    (best, direction) = ((x * x) + (y * y), (x, y));
                }
            }
        }

        var length = Math.Sqrt(best);
        return (length, (direction.X / length, direction.Y / length));
    }

    /// <summary>Where the outline is at both ends of a run, mm along columns and rows of its slice.</summary>
    internal static IEnumerable<(double X, double Y)> OutlinePoints(LabelRun run, VolumeGeometry geometry)
    {
        var (width, height) = (geometry.ColumnSpacingMm, geometry.RowSpacingMm);
        foreach (var (column, outwards) in new[] { (run.Start, -1), (run.End - 1, 1) })
        {
            yield return ((column + (outwards * OutlineBeyondCentre)) * width, run.Row * height);
            yield return (column * width, (run.Row - OutlineBeyondCentre) * height);
            yield return (column * width, (run.Row + OutlineBeyondCentre) * height);
        }
    }
}
