using MathNet.Numerics.Distributions;

namespace HemoApi.Imaging.Evaluation.Statistics;

/// <summary>Intraclass correlation of single measurements in the two-way layout, each subject measured by every rater (Shrout and Fleiss
/// 1979; McGraw and Wong 1996).</summary>
/// <param name="Agreement">ICC(2,1), in the words of McGraw and Wong ICC(A,1): two-way random, absolute agreement. A rater who is always
/// off by as much lowers it. This is the one to report as "the ICC" of volumes.</param>
/// <param name="AgreementInterval">95 %.</param>
/// <param name="Consistency">ICC(3,1) or ICC(C,1): two-way mixed, consistency. Constant differences between raters do not count.</param>
/// <param name="ConsistencyInterval">95 %.</param>
public sealed record IntraclassCorrelation(
    int Subjects,
    int Raters,
    double Agreement,
    ConfidenceInterval AgreementInterval,
    double Consistency,
    ConfidenceInterval ConsistencyInterval)
{
    /// <param name="raters">One list for each rater, in the same order of subjects.</param>
    /// <exception cref="ArgumentException">Fewer than two raters or three subjects, lists of different lengths, values that are not finite,
    /// or all of them equal.</exception>
    public static IntraclassCorrelation Of(IReadOnlyList<double[]> raters, double level = 0.95)
    {
        var (k, n) = (raters.Count, raters.Count > 0 ? raters[0].Length : 0);
        if (k < 2)
        {
            throw new ArgumentException("needs at least two raters", nameof(raters));
        }

        foreach (var rater in raters)
        {
            Pairs.Require(raters[0], rater, fewest: 3);
        }

        var (subjects, between, error) = MeanSquares(raters, n, k);
        if (subjects == 0 && error == 0)
        {
            throw new ArgumentException("values that are all equal have no correlation", nameof(raters));
        }

        var agreement = (subjects - error) / (subjects + ((k - 1) * error) + (k * (between - error) / n));
        var consistency = (subjects - error) / (subjects + ((k - 1) * error));
        return error == 0 && between == 0
            ? new(n, k, 1, new(1, 1), 1, new(1, 1))
            : new(
                n,
                k,
                agreement,
                AgreementIntervalOf(agreement, subjects, between, error, n, k, level),
                consistency,
                error == 0 ? new(1, 1) : ConsistencyIntervalOf(subjects / error, n, k, level));
    }

    private static (double Subjects, double Raters, double Error) MeanSquares(IReadOnlyList<double[]> raters, int n, int k)
    {
        var grand = raters.Average(rater => rater.Average());
        var subjectMeans = Enumerable.Range(0, n).Select(i => raters.Average(rater => rater[i])).ToArray();
        var raterMeans = raters.Select(rater => rater.Average()).ToArray();
        var error = 0.0;
        for (var j = 0; j < k; j++)
        {
            for (var i = 0; i < n; i++)
            {
                error += Math.Pow(raters[j][i] - subjectMeans[i] - raterMeans[j] + grand, 2);
            }
        }

        return (
            k * subjectMeans.Sum(m => (m - grand) * (m - grand)) / (n - 1),
            n * raterMeans.Sum(m => (m - grand) * (m - grand)) / (k - 1),
            error / ((n - 1) * (k - 1)));
    }

    /// <summary>McGraw and Wong 1996, table 7, case 2A; the degrees of freedom are Satterthwaite's.</summary>
    private static ConfidenceInterval AgreementIntervalOf(double icc, double subjects, double between, double error, int n, int k, double level)
    {
        var raters = n * (1 + ((k - 1) * icc));
        var a = k * icc * between;
        var b = (raters - (k * icc)) * error;
        var freedom = Math.Pow(a + b, 2) / ((a * a / (k - 1)) + (b * b / ((n - 1.0) * (k - 1))));
        var upper = FQuantile(n - 1, freedom, (1 + level) / 2);
        var lower = FQuantile(freedom, n - 1, (1 + level) / 2);
        var rest = (k * between) + (((k * n) - k - n) * error);
        return new(
            n * (subjects - (upper * error)) / ((upper * rest) + (n * subjects)),
            n * ((lower * subjects) - error) / (rest + (n * lower * subjects)));
    }

    private static ConfidenceInterval ConsistencyIntervalOf(double f, int n, int k, double level)
    {
        var errorFreedom = (n - 1.0) * (k - 1);
        var low = f / FQuantile(n - 1, errorFreedom, (1 + level) / 2);
        var high = f * FQuantile(errorFreedom, n - 1, (1 + level) / 2);
        return new((low - 1) / (low + k - 1), (high - 1) / (high + k - 1));
    }

    /// <summary>By the beta distribution: the library's own ends at 1000, and F reaches further with one degree of freedom.</summary>
    private static double FQuantile(double freedom1, double freedom2, double share)
    {
        var y = Beta.InvCDF(freedom2 / 2, freedom1 / 2, 1 - share);
        return freedom2 * (1 - y) / (freedom1 * y);
    }
}
