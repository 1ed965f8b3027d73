using MathNet.Numerics.Distributions;

namespace HemoApi.Imaging.Evaluation.Statistics;

/// <summary>Bootstrap intervals of any statistic of cases (Efron and Tibshirani 1993). The same seed gives the same interval.</summary>
public static class Bootstrap
{
    public const int DefaultReplicates = 2000;

    /// <summary>The bias-corrected and accelerated interval (BCa). Cases are drawn whole: for a statistic of pairs, a case is a pair.</summary>
    /// <param name="statistic">Of the cases with these indices, which may repeat.</param>
    /// <exception cref="ArgumentException">Fewer than two cases, or a statistic that is not finite for some sample.</exception>
    public static ConfidenceInterval Interval(
        int cases, Func<int[], double> statistic, ulong seed, double level = 0.95, int replicates = DefaultReplicates)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cases, 2);
        var all = Enumerable.Range(0, cases).ToArray();
        var random = new SplitMix(seed);
        var drawn = new int[cases];
        var values = new double[replicates];
        for (var r = 0; r < replicates; r++)
        {
            for (var i = 0; i < cases; i++)
            {
                drawn[i] = random.Below(cases);
            }

            values[r] = statistic(drawn);
        }

        var withoutOne = all.Select(left => statistic([.. all.Where(i => i != left)])).ToArray();
        return BcaInterval(statistic(all), values, withoutOne, level);
    }

    /// <param name="estimate">The statistic of all cases.</param>
    /// <param name="replicates">The statistic of each drawn sample.</param>
    /// <param name="withoutOne">The statistic with each case left out (jackknife).</param>
    /// <returns>Where all replicates are equal, that value twice.</returns>
    internal static ConfidenceInterval BcaInterval(double estimate, double[] replicates, double[] withoutOne, double level)
    {
        Pairs.RequireFinite(replicates);
        Pairs.RequireFinite(withoutOne);
        var (lowest, highest) = (replicates.Min(), replicates.Max());
        if (lowest == highest)
        {
            return new(lowest, highest);
        }

        // Ties with the estimate count half, as they do where the statistic takes few values.
        var below = (replicates.Count(v => v < estimate) + (replicates.Count(v => v == estimate) / 2.0)) / replicates.Length;
        var bias = Normal.InvCDF(0, 1, below);
        if (double.IsInfinity(bias))
        {
            return new(lowest, highest);
        }

        var mean = withoutOne.Average();
        var (cubes, squares) = (withoutOne.Sum(v => Math.Pow(mean - v, 3)), withoutOne.Sum(v => (mean - v) * (mean - v)));
        var acceleration = squares == 0 ? 0 : cubes / (6 * Math.Pow(squares, 1.5));
        return new(Quantiles.Of(replicates, ShareFor((1 - level) / 2)), Quantiles.Of(replicates, ShareFor((1 + level) / 2)));

        double ShareFor(double share)
        {
            var z = bias + Normal.InvCDF(0, 1, share);
            return Normal.CDF(0, 1, bias + (z / (1 - (acceleration * z))));
        }
    }

    /// <summary>SplitMix64 (Steele et al. 2014): the same numbers on every platform and version.</summary>
    private sealed class SplitMix(ulong state)
    {
        private ulong _state = state;

        public int Below(int limit)
        {
            _state += 0x9E3779B97F4A7C15;
            var z = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return (int)Math.BigMul(z ^ (z >> 31), (ulong)limit, out _);
        }
    }
}
