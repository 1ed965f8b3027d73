using HemoApi.Training.Networks;
using static TorchSharp.torch;

namespace HemoApi.Training.Export;

/// <summary>The mean of two models' weights, norms included: of models that were trained on from one another it is a model again, often better than either
/// (Wortsman et al. 2022, "Model soups").</summary>
internal static class MeanWeights
{
    /// <param name="share">Of the second model, 0 to 1.</param>
    /// <exception cref="InvalidDataException">A file does not hold this network.</exception>
    public static byte[] Of(byte[] onnx, byte[] other, double share)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        using var part = tensor((float)share);
        var network = Network(onnx);
        var others = Network(other).state_dict();
        foreach (var (name, weights) in network.state_dict().Where(entry => entry.Value.is_floating_point()))
        {
            weights.lerp_(others[name], part);
        }

        network.eval();
        return OnnxExporter.Export(network);
    }

    private static DenseUNet Network(byte[] onnx)
    {
        var network = new DenseUNet(seed: 0);
        OnnxWeights.Load(onnx, network);
        return network;
    }
}
