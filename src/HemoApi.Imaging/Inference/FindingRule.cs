using HemoApi.Imaging.Masks;

namespace HemoApi.Imaging.Inference;

/// <summary>A second look at a model's findings of one type: logistic regression on a finding's numbers, their squares and their products.</summary>
/// <remarks>The numbers are the volume, whether it goes on in the slices beside it, density, and place in the head. They are standardised, and count
/// as three standard deviations where they are further out: what the fit has not seen is not extrapolated.</remarks>
/// <param name="Type">Code of the findings' type.</param>
/// <param name="Means">Of each number over the findings that the rule was fitted on.</param>
/// <param name="Sds">Standard deviations, likewise.</param>
/// <param name="Weights">Of 1, of each number, and of the products of two: 1·1, 1·2, …, 2·2, 2·3, ….</param>
/// <param name="MinimumProbability">Findings that are less likely blood are dropped.</param>
public sealed record FindingRule(
    string Type,
    IReadOnlyList<double> Means,
    IReadOnlyList<double> Sds,
    IReadOnlyList<double> Weights,
    double MinimumProbability)
{
    private const double MostSds = 3;

    /// <summary>That a finding is blood, 0 to 1.</summary>
    /// <param name="numbers">As many as there are means.</param>
    public double Probability(IReadOnlyList<double> numbers) =>
        1 / (1 + Math.Exp(-Terms(Means, Sds, numbers).Zip(Weights, (term, weight) => term * weight).Sum()));

    /// <summary>What the weights are of.</summary>
    public static double[] Terms(IReadOnlyList<double> means, IReadOnlyList<double> sds, IReadOnlyList<double> numbers)
    {
        double[] z = [.. numbers.Select((number, i) => Math.Clamp((number - means[i]) / sds[i], -MostSds, MostSds))];
        return [1, .. z, .. z.SelectMany((first, i) => z.Skip(i).Select(second => first * second))];
    }

    /// <summary>Whether it can be applied to so many numbers.</summary>
    internal bool IsSound(int numbers) =>
        HemorrhageTypes.Find(Type) is not null
        && Means.Count == numbers && Sds.Count == numbers && Weights.Count == 1 + numbers + (numbers * (numbers + 1) / 2)
        && Means.Concat(Weights).All(double.IsFinite) && Sds.All(sd => double.IsFinite(sd) && sd > 0)
        && MinimumProbability is >= 0 and <= 1;
}
