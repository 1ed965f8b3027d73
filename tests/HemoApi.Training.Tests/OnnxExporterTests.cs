using HemoApi.Training.Export;
using HemoApi.Training.Networks;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using static TorchSharp.torch;

namespace HemoApi.Training.Tests;

public class OnnxExporterTests
{
    [Theory]
    [InlineData(1, 64, 128)]
    [InlineData(3, 192, 64)]
    public void Onnx_runtime_computes_the_probabilities_that_torch_computes(int slices, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var network = new DenseUNet(seed: 5);
        RandomiseNorms(network);
        network.eval();
        manual_seed(7);
        var input = randn(slices, 1, height, width);
        var onnx = OnnxExporter.Export(network);

        // In double precision: libtorch's own float convolutions differ from it by more than ONNX Runtime's do.
        network.to(ScalarType.Float64);
        var expected = network.Probabilities(input.to(ScalarType.Float64)).contiguous().data<double>().ToArray();

        using var session = new InferenceSession(onnx);
        using var image = OrtValue.CreateTensorValueFromMemory(input.data<float>().ToArray(), [slices, 1, height, width]);
        using var options = new RunOptions();
        using var results = session.Run(options, [OnnxExporter.InputName], [image], [OnnxExporter.OutputName]);
        var actual = results[0].GetTensorDataAsSpan<float>().ToArray();

        Assert.Equal([slices, 3, height, width], results[0].GetTensorTypeAndShape().Shape);
        Assert.InRange(actual.Zip(expected, (a, e) => Math.Abs(a - e)).Max(), 0, 1e-4);
        Assert.True(expected.Max() - expected.Min() > 0.01, "the network answers the same everywhere: nothing was compared");
    }

    /// <summary>Fresh norms have mean 0 and variance 1, with which wrong folding would pass unseen. Running means and variances
    /// come from data, as in training.</summary>
    private static void RandomiseNorms(DenseUNet network)
    {
        foreach (var norm in network.modules().OfType<TorchSharp.Modules.BatchNorm2d>())
        {
            nn.init.uniform_(norm.weight!, 0.7, 1.3);
            nn.init.uniform_(norm.bias!, -0.3, 0.3);
        }

        network.train();
        for (var i = 0; i < 20; i++)
        {
            using var scope = NewDisposeScope();
            network.call(randn(4, 1, 64, 64));
        }

        nn.init.uniform_(network.Head.bias!, -1, 1);
    }
}
