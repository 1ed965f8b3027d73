using System.Buffers;
using System.Numerics.Tensors;

namespace HemoApi.Imaging.Inference;

/// <summary>Calibrates a network's probabilities: the logit of each class is divided by that class's temperature (Guo et al. 2017, "On
/// calibration of modern neural networks"). It is done to the network's output before anything else uses it, so that thresholds,
/// <see cref="ProbabilityLevels"/> and the volumes' uncertainty are all on calibrated probabilities. A temperature over 1 draws
/// probabilities to one half, one below 1 away from it; 1 leaves them, and costs nothing.</summary>
/// <param name="temperatures">One for each class, in the order of the output's channels; null leaves all as they are.</param>
public sealed class TemperatureScaling(IReadOnlyList<float>? temperatures)
{
    /// <summary>One probability; a threshold on uncalibrated probabilities becomes the same one on calibrated ones.</summary>
    public static double Scale(double probability, double temperature) =>
        1 / (1 + Math.Exp(-(Math.Log(probability) - Math.Log(1 - probability)) / temperature));

    /// <param name="probabilities">Classes × pixels of one slice, changed in place. Values outside of [0, 1] are drawn into it.</param>
    public void Apply(Span<float> probabilities)
    {
        if (temperatures is null)
        {
            return;
        }

        var pixels = probabilities.Length / temperatures.Count;
        var rented = ArrayPool<float>.Shared.Rent(pixels);
        var complement = rented.AsSpan(0, pixels);
        for (var c = 0; c < temperatures.Count; c++)
        {
            if (temperatures[c] == 1)
            {
                continue;
            }

            // 0 and 1 become −∞ and ∞, and 0 and 1 again.
            var p = probabilities.Slice(c * pixels, pixels);
            TensorPrimitives.Clamp(p, 0f, 1f, p);
            TensorPrimitives.Subtract(1f, p, complement);
            TensorPrimitives.Log(p, p);
            TensorPrimitives.Log(complement, complement);
            TensorPrimitives.Subtract(p, complement, p);
            TensorPrimitives.Divide(p, temperatures[c], p);
            TensorPrimitives.Sigmoid(p, p);
        }

        ArrayPool<float>.Shared.Return(rented);
    }
}
