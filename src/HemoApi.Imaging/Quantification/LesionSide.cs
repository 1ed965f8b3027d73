using System.Runtime.InteropServices;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;
using MathNet.Numerics.Distributions;

namespace HemoApi.Imaging.Quantification;

public enum Side
{
    Left,
    Right,

    /// <summary>More than a fifth of the lesion lies on either side.</summary>
    Midline,
}

/// <summary>On which side of the head a lesion lies.</summary>
/// <param name="Confidence">Probability that the side is the same for the true plane, taken as normally distributed about the one that
/// was found with <see cref="SymmetryPlane.SdMm"/>.</param>
/// <param name="LeftShare">Share of the lesion's volume on the patient's left.</param>
public sealed record LesionSide(Side Side, double Confidence, double LeftShare)
{
    private const double SmallerShare = 0.2;

    internal static LesionSide Of(ConnectedLesion lesion, VolumeGeometry geometry, SymmetryPlane plane)
    {
        // Distances in steps of a tenth of a millimetre, weighted by volume.
        var volumes = new Dictionary<int, double>();
        var step = geometry.RowDirection.Dot(plane.NormalLps) * geometry.ColumnSpacingMm;
        foreach (var run in lesion.Runs.Span)
        {
            var first = plane.DistanceMm(geometry.ToLpsMm(run.Start, run.Row, run.Slice));
            var extent = geometry.SliceExtentMm(run.Slice);
            for (var i = 0; i < run.Length; i++)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(volumes, (int)Math.Round((first + (i * step)) * 10), out _) += extent;
            }
        }

        var sorted = volumes.OrderBy(v => v.Key).ToList();
        var total = sorted.Sum(v => v.Value);
        var (low, high) = (QuantileMm(sorted, total * SmallerShare), QuantileMm(sorted, total * (1 - SmallerShare)));
        var leftShare = sorted.Where(v => v.Key > 0).Sum(v => v.Value) / total;

        // The side is left for every true plane below the lower quantile, right for every one above the upper one.
        var (left, right) = (Normal.CDF(0, plane.SdMm, low), 1 - Normal.CDF(0, plane.SdMm, high));
        return low > 0 ? new(Side.Left, left, leftShare)
            : high <= 0 ? new(Side.Right, right, leftShare)
            : new(Side.Midline, 1 - left - right, leftShare);
    }

    private static double QuantileMm(List<KeyValuePair<int, double>> sorted, double volume)
    {
        var sum = 0.0;
        foreach (var (tenths, weight) in sorted)
        {
            sum += weight;
            if (sum >= volume)
            {
                return tenths / 10.0;
            }
        }

        return sorted[^1].Key / 10.0;
    }
}
