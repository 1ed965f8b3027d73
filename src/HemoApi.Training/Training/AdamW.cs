using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace HemoApi.Training;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2), β₁ 0.9, β₂ 0.999, ε 1e-8. A module, so that its
/// moments are saved and loaded as weights are.</summary>
/// <remarks>Written here because the one of TorchSharp 0.107 reads scalars that may have been freed, see <see cref="HeldScalars"/>.</remarks>
internal sealed class AdamW : nn.Module
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;
    private readonly double _weightDecay;
    private readonly (Parameter Weights, Tensor Mean, Tensor Square)[] _moments;
    private readonly Tensor _steps;

    public AdamW(IEnumerable<Parameter> parameters, double weightDecay)
        : base(nameof(AdamW))
    {
        _weightDecay = weightDecay;
        _moments = [.. parameters.Select(p => (p, zeros_like(p), zeros_like(p)))];
        for (var i = 0; i < _moments.Length; i++)
        {
            register_buffer($"mean-{i}", _moments[i].Mean);
            register_buffer($"square-{i}", _moments[i].Square);
        }

        _steps = zeros(1, ScalarType.Float64);
        register_buffer("steps", _steps);
    }

    public void ForgetGradients()
    {
        foreach (var (weights, _, _) in _moments)
        {
            weights.grad = null;
        }
    }

    /// <summary>Moves every parameter that has a gradient.</summary>
    public void Step(double learningRate)
    {
        using var untracked = no_grad();
        using var scope = NewDisposeScope();
        _steps.add_(HeldScalars.Of(1), HeldScalars.Of(1));
        var step = _steps.item<double>();
        using var kept = (1 - (learningRate * _weightDecay)).ToScalar();
        using var squareBias = Math.Sqrt(1 - Math.Pow(Beta2, step)).ToScalar();
        using var change = (-learningRate / (1 - Math.Pow(Beta1, step))).ToScalar();
        foreach (var (weights, mean, square) in _moments)
        {
            if (weights.grad is { } gradient)
            {
                weights.mul_(kept);
                mean.mul_(HeldScalars.Of(Beta1)).add_(gradient, HeldScalars.Of(1 - Beta1));
                square.mul_(HeldScalars.Of(Beta2)).addcmul_(gradient, gradient, HeldScalars.Of(1 - Beta2));
                weights.addcdiv_(mean, square.sqrt().div_(squareBias).add_(HeldScalars.Of(Epsilon), HeldScalars.Of(1)), change);
            }
        }
    }
}
