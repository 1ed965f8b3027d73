using HemoApi.Training.Networks;
using static TorchSharp.torch;

namespace HemoApi.Training;

/// <summary>Exponential moving average of parameters and of batch-norm statistics, held in a network of its own.</summary>
internal sealed class WeightAverage : IDisposable
{
    private readonly double _decay;
    private readonly List<(Tensor Average, Tensor Current)> _pairs;

    public WeightAverage(DenseUNet current, DenseUNet average, double decay)
    {
        _decay = decay;
        Network = average;
        Network.eval();
        var state = current.state_dict();
        _pairs = [.. average.state_dict().Select(entry => (entry.Value, state[entry.Key]))];
    }

    public DenseUNet Network { get; }

    public void Dispose() => Network.Dispose();

    /// <param name="step">Steps done before this one. Early on the average follows fast, or it would remember the initial weights.</param>
    public void Update(long step)
    {
        using var untracked = no_grad();
        using var share = tensor((float)(1 - Math.Min(_decay, (1.0 + step) / (10.0 + step))));
        foreach (var (average, current) in _pairs)
        {
            if (average.is_floating_point())
            {
                average.lerp_(current, share);
            }
            else
            {
                average.copy_(current);
            }
        }
    }
}
