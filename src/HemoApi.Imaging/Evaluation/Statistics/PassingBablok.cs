using MathNet.Numerics.Distributions;

namespace HemoApi.Imaging.Evaluation.Statistics;

/// <summary>Passing and Bablok's regression of two methods of measurement, y = intercept + slope · x (J Clin Chem Clin Biochem 1983; 21:
/// 709–720): the median of the slopes of all pairs, shifted by the number of slopes under −1, so that it does not matter which method is x.</summary>
/// <param name="SlopeInterval">95 %, from the ranks of the slopes.</param>
/// <param name="InterceptInterval">From both ends of the slope's.</param>
public sealed record PassingBablok(int Count, double Slope, ConfidenceInterval SlopeInterval, double Intercept, ConfidenceInterval InterceptInterval)
{
    /// <exception cref="ArgumentException">Fewer than three pairs, values that are not finite, so few different ones that the
    /// interval has no ranks, or so many equal x that the line is vertical.</exception>
    public static PassingBablok Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double level = 0.95)
    {
        Pairs.Require(x, y, fewest: 3);
        var (xs, ys, n) = (x.ToArray(), y.ToArray(), x.Length);
        var slopes = Slopes(xs, ys);
        var offset = slopes.Count(slope => slope < -1);
        var slope = Median(slopes, offset);
        if (!double.IsFinite(slope))
        {
            throw new ArgumentException("too many pairs share one value of the reference: the line would be vertical");
        }

        var reach = Normal.InvCDF(0, 1, (1 + level) / 2) * Math.Sqrt(n * (n - 1.0) * ((2 * n) + 5) / 18);
        var first = (int)Math.Round((slopes.Length - reach) / 2, MidpointRounding.ToEven);
        var last = slopes.Length - first + 1;
        if (first < 1 || last + offset > slopes.Length)
        {
            throw new ArgumentException("too few different pairs for an interval");
        }

        var interval = new ConfidenceInterval(slopes[first + offset - 1], slopes[last + offset - 1]);
        return new(n, slope, interval, InterceptFor(slope), new(InterceptFor(interval.High), InterceptFor(interval.Low)));

        double InterceptFor(double b) => Quantiles.Of([.. ys.Zip(xs, (yi, xi) => yi - (b * xi))], 0.5);
    }

    /// <summary>Of all pairs, ascending; pairs that are equal and slopes of −1 are left out, vertical ones are infinite.</summary>
    private static double[] Slopes(double[] x, double[] y)
    {
        var slopes = new List<double>();
        for (var i = 0; i < x.Length; i++)
        {
            for (var j = i + 1; j < x.Length; j++)
            {
                var (dx, dy) = (x[i] - x[j], y[i] - y[j]);
                if ((dx != 0 || dy != 0) && dx + dy != 0)
                {
                    slopes.Add(dx == 0 ? double.PositiveInfinity * Math.Sign(dy) : dy / dx);
                }
            }
        }

        slopes.Sort();
        return [.. slopes];
    }

    private static double Median(double[] slopes, int offset)
    {
        var half = slopes.Length / 2;
        var (low, high) = slopes.Length % 2 == 1 ? (half + offset, half + offset) : (half - 1 + offset, half + offset);
        return high < slopes.Length
            ? (slopes[low] + slopes[high]) / 2
            : throw new ArgumentException("the pairs fall instead of rising: there is no line between such methods");
    }
}
