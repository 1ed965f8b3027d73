using HemoApi.Imaging.Masks;
using HemoApi.Training.Evaluation;

namespace HemoApi.Training.Tests.Evaluation;

public sealed class FindingRuleFitTests
{
    /// <summary>scikit-learn 1.2.1: LogisticRegression(C=1/2.5, solver="newton-cholesky", tol=1e-13) on the standardised numbers, their squares and
    /// products.</summary>
    [Fact]
    public void Weights_are_those_of_scikit_learn()
    {
        var rule = FindingRuleFit.Fit(HemorrhageType.Edh, Findings(HemorrhageType.Edh), penalty: 2.5, minimumProbability: 0.4)!;

        Assert.Equal(("EDH", 0.4), (rule.Type, rule.MinimumProbability));
        Assert.Equal([-0.125, 1.51041667], rule.Means.Select(m => Math.Round(m, 8)));
        Assert.Equal([3.2185983, 0.95600941], rule.Sds.Select(s => Math.Round(s, 8)));
        double[] expected = [-0.01435225, 1.06444464, -0.46680307, 0.07288327, 0.00808766, -0.23346226];
        Assert.All(expected.Zip(rule.Weights), pair => Assert.Equal(pair.First, pair.Second, 1e-7));
    }

    [Fact]
    public void Findings_of_other_types_do_not_count() =>
        Assert.Equal(
            FindingRuleFit.Fit(HemorrhageType.Edh, Findings(HemorrhageType.Edh), 1, 0.5)!.Weights,
            FindingRuleFit.Fit(HemorrhageType.Edh, [new("x", HemorrhageType.Ich, [900, 900], 1), .. Findings(HemorrhageType.Edh)], 1, 0.5)!.Weights);

    [Fact]
    public void There_is_no_rule_where_everything_is_blood_or_nothing_is()
    {
        Assert.Null(FindingRuleFit.Fit(HemorrhageType.Edh, [.. Findings(HemorrhageType.Edh).Where(f => f.IsBlood)], 1, 0.5));
        Assert.Null(FindingRuleFit.Fit(HemorrhageType.Sdh, Findings(HemorrhageType.Edh), 1, 0.5));
    }

    private static List<Finding> Findings(HemorrhageType type) =>
    [
        .. Enumerable.Range(0, 24).Select(i =>
        {
            var (a, b) = ((i * 7 % 11) - 5, i * 5 % 13 / 4.0);
            return new Finding($"{i}", type, [a, b], a - (2 * b) + (i * 3 % 7) - 1 > 0 ? 1 : 0);
        }),
    ];
}
