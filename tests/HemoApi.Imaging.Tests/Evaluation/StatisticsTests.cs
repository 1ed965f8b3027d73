using HemoApi.Imaging.Evaluation.Statistics;

namespace HemoApi.Imaging.Tests.Evaluation;

/// <summary>Against SciPy and R to 1e-6, and against worked examples of the papers.</summary>
public sealed class StatisticsTests
{
    private const double Tolerance = 1e-6;
    private static readonly double[] Truth = ReferenceValues.Of("truth");
    private static readonly double[] Model = ReferenceValues.Of("model");

    [Fact]
    public void Pearson_is_that_of_SciPy()
    {
        var pearson = PearsonCorrelation.Of(Truth, Model);

        Same("pearson", pearson.R, pearson.Interval.Low, pearson.Interval.High, pearson.P);
        Assert.InRange(pearson.P / ReferenceValues.Of("pearson")[3], 1 - Tolerance, 1 + Tolerance);
    }

    [Fact]
    public void The_summary_of_differences_is_that_of_NumPy()
    {
        var summary = Summary.Of([.. Model.Zip(Truth, (m, t) => m - t)]);

        Same("summary", summary.Mean, summary.Sd!.Value, summary.Median, summary.MeanAbsolute);
        Assert.Null(Summary.Of([3.0]).Sd);
    }

    [Fact]
    public void Lins_concordance_is_that_of_epiR()
    {
        var ccc = ConcordanceCorrelation.Of(Truth, Model);

        Same("ccc", ccc.Rho, ccc.Interval.Low, ccc.Interval.High, ccc.Accuracy);
        Assert.Equal(1, ConcordanceCorrelation.Of(Truth, Truth).Rho, 1e-12);
        var none = ConcordanceCorrelation.Of([1, 2, 3, 2], [2, 1, 2, 3]);
        Assert.Equal((0.0, -none.Interval.High), (none.Rho, none.Interval.Low));
    }

    [Fact]
    public void Both_forms_of_the_intraclass_correlation_are_those_of_psych()
    {
        var icc = IntraclassCorrelation.Of([Truth, Model, ReferenceValues.Of("third")]);

        Same("icc.agreement", icc.Agreement, icc.AgreementInterval.Low, icc.AgreementInterval.High);
        Same("icc.consistency", icc.Consistency, icc.ConsistencyInterval.Low, icc.ConsistencyInterval.High);
    }

    [Fact]
    public void The_example_of_Shrout_and_Fleiss_has_their_values()
    {
        // Their table 2: six targets, four judges; ICC(2,1) = .29, ICC(3,1) = .71.
        var icc = IntraclassCorrelation.Of([[9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7]]);

        Assert.Equal((0.29, 0.71), (Math.Round(icc.Agreement, 2), Math.Round(icc.Consistency, 2)));
        Assert.Equal((0.02, 0.76), (Math.Round(icc.AgreementInterval.Low, 2), Math.Round(icc.AgreementInterval.High, 2)));
    }

    [Fact]
    public void A_constant_offset_lowers_agreement_and_not_consistency()
    {
        var icc = IntraclassCorrelation.Of([Truth, [.. Truth.Select(t => t + 10)]]);

        Assert.Equal(1, icc.Consistency, 1e-12);
        Assert.InRange(icc.Agreement, 0.5, 0.95);
    }

    [Fact]
    public void Wilcoxons_exact_test_is_that_of_SciPy()
    {
        var test = WilcoxonSignedRank.Of([.. Model.Zip(Truth, (m, t) => m - t)]);

        Assert.True(test.Exact);
        Same("wilcoxon.exact", test.P);
    }

    [Fact]
    public void With_ties_and_zeros_the_test_is_exact_over_all_signs()
    {
        var test = WilcoxonSignedRank.Of(ReferenceValues.Of("tied"));

        Assert.True(test.Exact);
        Assert.Equal((11, 1), (test.Count, test.Zeros));
        Same("wilcoxon.tied", test.PositiveRankSum, test.P);
        Same("wilcoxon.pseudomedian", test.Pseudomedian);
    }

    [Fact]
    public void Many_differences_are_tested_by_the_normal_approximation_of_SciPy()
    {
        var test = WilcoxonSignedRank.Of(ReferenceValues.Of("large"));

        Assert.False(test.Exact);
        Same("wilcoxon.approximate", test.P);
    }

    [Fact]
    public void Differences_that_are_all_zero_differ_by_nothing() => Assert.Equal(1, WilcoxonSignedRank.Of([0.0, 0, 0]).P);

    [Fact]
    public void The_limits_of_agreement_are_those_of_NumPy_and_SciPy()
    {
        var limits = BlandAltman.Of(Model, Truth);

        Same(
            "blandaltman", limits.BiasInterval.Low, limits.BiasInterval.High, limits.LowerLimitInterval.Low, limits.LowerLimitInterval.High,
            limits.UpperLimitInterval.Low, limits.UpperLimitInterval.High);
    }

    [Fact]
    public void The_peak_flow_meters_of_Bland_and_Altman_have_their_limits()
    {
        // Lancet 1986: mean difference −2.1, SD 38.8 l/min; with 1.96 in place of their 2 the limits are −78.1 and 73.9.
        var limits = BlandAltman.Of(
            [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427],
            [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]);

        Assert.Equal((-2.1, 38.8), (Math.Round(limits.Bias, 1), Math.Round(limits.Sd, 1)));
        Assert.Equal((-78.1, 73.9), (Math.Round(limits.LowerLimit, 1), Math.Round(limits.UpperLimit, 1)));
        Assert.Equal((-22.0, 17.8), (Math.Round(limits.BiasInterval.Low, 1), Math.Round(limits.BiasInterval.High, 1)));
    }

    [Fact]
    public void Passing_and_Bablok_are_those_of_R()
    {
        var line = PassingBablok.Of(Truth, Model);
        Same("passingbablok", line.Slope, line.SlopeInterval.Low, line.SlopeInterval.High, line.Intercept, line.InterceptInterval.Low, line.InterceptInterval.High);

        line = PassingBablok.Of([.. Truth.Select(t => Math.Round(t))], [.. Model.Select(m => Math.Round(m))]);
        Same("passingbablok.ties", line.Slope, line.SlopeInterval.Low, line.SlopeInterval.High, line.Intercept, line.InterceptInterval.Low, line.InterceptInterval.High);
    }

    [Fact]
    public void Equal_values_up_to_their_last_bits_allow_neither_a_correlation_nor_a_line()
    {
        double[] equal = [0.3, 0.1 + 0.2, 0.3, 0.1 + 0.2, 0.3, 0.3];
        double[] values = [1, 2, 3, 2.5, 1.5, 4];

        Assert.Contains("all equal", Assert.Throws<ArgumentException>(() => PearsonCorrelation.Of(equal, values)).Message);
        Assert.Contains("vertical", Assert.Throws<ArgumentException>(() => PassingBablok.Of([1, 1, 1, 1, 1, 2], values)).Message);
    }

    [Fact]
    public void Passing_and_Bablok_do_not_mind_which_method_is_x()
    {
        var (line, turned) = (PassingBablok.Of(Truth, Model), PassingBablok.Of(Model, Truth));

        Assert.Equal(line.Slope, 1 / turned.Slope, 0.01);
        Assert.Equal(line.SlopeInterval.Low, 1 / turned.SlopeInterval.High, 1e-9);
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(388, 402)]
    [InlineData(10, 10)]
    [InlineData(1, 3)]
    public void Wilsons_interval_is_that_of_SciPy(int hits, int count)
    {
        var proportion = Proportion.Of(hits, count);

        Same($"wilson.{hits}.{count}", proportion.Interval.Low, proportion.Interval.High);
    }

    [Fact]
    public void The_area_under_the_curve_and_DeLongs_interval_are_those_of_pROC()
    {
        var curve = RocCurve.Of(ReferenceValues.Of("positives"), ReferenceValues.Of("negatives"));

        Same("auc", curve.Auc, curve.AucInterval.Low, curve.AucInterval.High);

        // The points are the same curve: its area by trapezoids.
        var area = curve.Points.Zip(curve.Points.Skip(1), (a, b) => (b.FalsePositiveShare - a.FalsePositiveShare) * (a.Sensitivity + b.Sensitivity) / 2).Sum();
        Assert.Equal(curve.Auc, area, 1e-12);
        Assert.Equal((1.0, 1.0), (curve.Points[^1].Sensitivity, curve.Points[^1].FalsePositiveShare));
    }

    [Fact]
    public void The_free_response_curve_counts_lesions_and_false_findings_a_scan()
    {
        // Four scans, three lesions: sure hits of two, a doubtful second one of the first, and two false ones.
        FrocFinding[] findings = [new(0, 0.9, 0), new(1, 0.8, null), new(0, 0.7, 0), new(2, 0.7, 0), new(3, 0.2, null)];

        var curve = FrocCurve.Of(findings, scans: 4, lesions: 3);

        Assert.Equal(
            [new(0.9, 1 / 3.0, 0), new(0.8, 1 / 3.0, 0.25), new(0.7, 2 / 3.0, 0.25), new FrocPoint(0.2, 2 / 3.0, 0.5)],
            curve.Points);
        Assert.Equal((1 / 3.0, 2 / 3.0), (curve.SensitivityAt(0), curve.SensitivityAt(0.3)));
    }

    [Fact]
    public void The_bootstrap_interval_of_given_samples_is_that_of_SciPy()
    {
        double[] differences = [.. Model.Zip(Truth, (m, t) => m - t)];
        var withoutOne = differences.Select((_, left) => differences.Where((_, i) => i != left).Average()).ToArray();

        var interval = Bootstrap.BcaInterval(differences.Average(), ReferenceValues.Of("bca.replicates"), withoutOne, 0.95);

        Same("bca", interval.Low, interval.High);
    }

    [Fact]
    public void The_bootstrap_draws_the_same_for_the_same_seed_and_comes_close_to_the_interval_of_theory()
    {
        double[] values = [.. Enumerable.Range(0, 400).Select(i => Math.Sin(i * 1.7) + (0.01 * i))];
        var mean = (int[] drawn) => drawn.Average(i => values[i]);

        var interval = Bootstrap.Interval(values.Length, mean, seed: 7);

        Assert.Equal(interval, Bootstrap.Interval(values.Length, mean, seed: 7));
        Assert.NotEqual(interval, Bootstrap.Interval(values.Length, mean, seed: 8));
        var summary = Summary.Of(values);
        var half = 1.96 * summary.Sd!.Value / 20;
        Assert.Equal(summary.Mean - half, interval.Low, 0.02);
        Assert.Equal(summary.Mean + half, interval.High, 0.02);
    }

    [Fact]
    public void Values_that_could_not_be_measured_are_refused_and_not_skipped()
    {
        Assert.Throws<ArgumentException>(() => PearsonCorrelation.Of([1, 2, 3, double.NaN], [1, 2, 3, 4]));
        Assert.Throws<ArgumentException>(() => WilcoxonSignedRank.Of([1, double.PositiveInfinity]));
        Assert.Throws<ArgumentException>(() => BlandAltman.Of([1, 2, 3], [1, 2]));
        Assert.Throws<ArgumentException>(() => PassingBablok.Of([1, 2, 3, 4], [4, 3, 2, 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Proportion.Of(4, 3));
    }

    private static void Same(string name, params double[] values)
    {
        var expected = ReferenceValues.Of(name);
        Assert.Equal(expected.Length, values.Length);
        Assert.All(values.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, Tolerance));
    }
}
