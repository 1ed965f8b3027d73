using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.Statistics;

namespace HemoApi.Training.Evaluation;

/// <summary>Fits the rule for findings of one type: logistic regression with a penalty on the squares of the weights (ridge), by Newton's method.</summary>
internal static class FindingRuleFit
{
    private const int MostSteps = 100;
    private const double Change = 1e-10;

    /// <param name="penalty">Half of it times the sum of the squared weights, but that of 1, is added to the log loss in nats, summed over the findings.</param>
    /// <param name="minimumProbability">Of the rule.</param>
    /// <returns>Null where the findings are all blood or all none.</returns>
    public static FindingRule? Fit(HemorrhageType type, IReadOnlyList<Finding> findings, double penalty, double minimumProbability)
    {
        List<Finding> own = [.. findings.Where(f => f.Type == type)];
        if (own.DistinctBy(f => f.IsBlood).Count() < 2)
        {
            return null;
        }

        double[][] numbers = [.. Enumerable.Range(0, own[0].Numbers.Count).Select(n => own.Select(f => f.Numbers[n]).ToArray())];
        double[] means = [.. numbers.Select(ArrayStatistics.Mean)];
        double[] sds = [.. numbers.Select(ArrayStatistics.PopulationStandardDeviation)];
        var terms = DenseMatrix.OfRowArrays(own.Select(f => FindingRule.Terms(means, sds, f.Numbers)));
        var weights = Weights(terms, DenseVector.OfEnumerable(own.Select(f => f.IsBlood ? 1.0 : 0)), penalty);
        return new(type.Code(), means, sds, weights.ToArray(), minimumProbability);
    }

    private static Vector<double> Weights(Matrix<double> terms, Vector<double> isBlood, double penalty)
    {
        // Nothing is paid for how common blood is.
        var ridge = DenseMatrix.CreateDiagonal(terms.ColumnCount, terms.ColumnCount, i => i == 0 ? 0 : penalty);
        Vector<double> weights = new DenseVector(terms.ColumnCount);
        for (var step = 0; step < MostSteps; step++)
        {
            var likely = (terms * weights).Map(x => 1 / (1 + Math.Exp(-x)));
            var gradient = terms.TransposeThisAndMultiply(likely - isBlood) + (ridge * weights);
            var scaled = terms.MapIndexed((row, _, term) => term * likely[row] * (1 - likely[row]));
            var move = (terms.TransposeThisAndMultiply(scaled) + ridge).Solve(gradient);
            weights -= move;
            if (move.L2Norm() < Change)
            {
                return weights;
            }
        }

        throw new InvalidDataException($"no weights were found in {MostSteps} steps; a larger penalty helps");
    }
}
