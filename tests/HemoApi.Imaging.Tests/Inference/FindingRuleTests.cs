using HemoApi.Imaging.Inference;

namespace HemoApi.Imaging.Tests.Inference;

public sealed class FindingRuleTests
{
    private static readonly FindingRule Rule = new("EDH", [10, -1], [2, 0.5], [0.3, 1, -2, 0.5, 0.25, -0.125], 0.5);

    [Fact]
    public void The_probability_is_the_logistic_of_numbers_squares_and_products()
    {
        // Standardised: 1.5 and −0.4.
        var logit = 0.3 + 1.5 + (2 * 0.4) + (0.5 * 2.25) - (0.25 * 1.5 * 0.4) - (0.125 * 0.16);

        Assert.Equal(1 / (1 + Math.Exp(-logit)), Rule.Probability([13, -1.2]), 12);
    }

    [Fact]
    public void A_number_far_from_those_of_the_fit_counts_as_one_at_its_border()
    {
        Assert.Equal(Rule.Probability([16, -1]), Rule.Probability([1000, -1]));
        Assert.Equal(Rule.Probability([10, -2.5]), Rule.Probability([10, -90]));
        Assert.NotEqual(Rule.Probability([15.9, -1]), Rule.Probability([16, -1]));
    }
}
