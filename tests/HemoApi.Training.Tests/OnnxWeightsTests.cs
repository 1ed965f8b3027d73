using HemoApi.Training.Export;
using HemoApi.Training.Networks;
using Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace HemoApi.Training.Tests;

public class OnnxWeightsTests
{
    [Fact]
    public void A_network_read_back_from_its_model_is_the_same_in_answers_and_in_training()
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var network = Trained(seed: 5);
        var other = new DenseUNet(seed: 6);
        OnnxWeights.Load(OnnxExporter.Export(network), other);

        var state = other.state_dict();
        foreach (var (name, expected) in network.state_dict().Where(entry => entry.Value.is_floating_point()))
        {
            Assert.True(expected.equal(state[name]).all().item<bool>(), name);
        }
    }

    [Fact]
    public void A_model_that_is_not_this_network_is_refused()
    {
        using var scope = NewDisposeScope();
        var network = new DenseUNet(seed: 1);
        var onnx = OnnxExporter.Export(network);
        var narrow = ModelProto.Parser.ParseFrom(onnx);
        narrow.Graph.Initializer[0].Dims[0]--;
        var shallow = ModelProto.Parser.ParseFrom(onnx);
        shallow.Graph.Node.Remove(shallow.Graph.Node.Last(n => n.OpType == "Conv"));

        Assert.Contains("shape", Refusal(Google.Protobuf.MessageExtensions.ToByteArray(narrow)), StringComparison.Ordinal);
        Assert.Contains("layers", Refusal(Google.Protobuf.MessageExtensions.ToByteArray(shallow)), StringComparison.Ordinal);
        Assert.Contains("not an ONNX model", Refusal([.. "DICM is not a model"u8]), StringComparison.Ordinal);

        string Refusal(byte[] file) => Assert.Throws<InvalidDataException>(() => OnnxWeights.Load(file, network)).Message;
    }

    [Fact]
    public void The_mean_of_two_models_has_the_mean_of_their_weights_norms_included()
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var (first, second, mean) = (Trained(seed: 5), Trained(seed: 6), new DenseUNet(seed: 7));
        OnnxWeights.Load(MeanWeights.Of(OnnxExporter.Export(first), OnnxExporter.Export(second), share: 0.25), mean);

        var (one, other) = (first.state_dict(), second.state_dict());
        foreach (var (name, weights) in mean.state_dict().Where(entry => entry.Value.is_floating_point()))
        {
            Assert.True(allclose(weights, (tensor(0.75f) * one[name]) + (tensor(0.25f) * other[name]), atol: 1e-6), name);
        }
    }

    /// <summary>Norms as training leaves them: fresh ones are all alike, and mixing them up would pass unseen.</summary>
    private static DenseUNet Trained(long seed)
    {
        var network = new DenseUNet(seed);
        foreach (var norm in network.modules().OfType<TorchSharp.Modules.BatchNorm2d>())
        {
            nn.init.uniform_(norm.weight!, 0.7, 1.3);
            nn.init.uniform_(norm.bias!, -0.3, 0.3);
        }

        network.train();
        network.call(randn(2, 1, 64, 64));
        network.eval();
        return network;
    }
}
