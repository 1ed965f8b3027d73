using HemoApi.Training.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace HemoApi.Training.Export;

/// <summary>Writes the network as ONNX: image float32 [slices, 1, height, width] → probabilities [slices, 3, height, width], dynamic
/// in slices, height and width (multiples of <see cref="DenseUNet.SizeMultiple"/>). Batch norms are kept: ONNX Runtime folds them into
/// the convolution before them when it loads the graph, and the file holds all that training needs to go on from it
/// (<see cref="OnnxWeights"/>).</summary>
/// <remarks>By hand because TorchSharp has no exporter; a test holds the file against the network it came from.</remarks>
internal static class OnnxExporter
{
    public const string InputName = "image";
    public const string OutputName = "probabilities";

    /// <summary>torch.nn.BatchNorm2d's default.</summary>
    private const double NormEpsilon = 1e-5;

    public static byte[] Export(DenseUNet network)
    {
        using var untracked = no_grad();
        var graph = new OnnxGraph("dense-unet");
        graph.Input(InputName, ("slices", null), ("channels", 1), ("height", null), ("width", null));
        var features = Relu(graph, Convolution(graph, InputName, network.Stem, network.StemNorm, stride: 2, padding: 3));
        var skips = new Stack<string>([features]);
        features = graph.Node(
            "MaxPool", [features], OnnxGraph.Integers("kernel_shape", 3, 3), OnnxGraph.Integers("strides", 2, 2), OnnxGraph.Integers("pads", 1, 1, 1, 1));
        foreach (var (block, transition) in network.Blocks.Zip(network.Transitions))
        {
            features = Block(graph, features, block);
            skips.Push(features);
            var halved = Convolution(graph, Relu(graph, Norm(graph, features, transition.Norm)), transition.Convolution, null, 1, 0);
            features = graph.Node("AveragePool", [halved], OnnxGraph.Integers("kernel_shape", 2, 2), OnnxGraph.Integers("strides", 2, 2));
        }

        foreach (var level in network.Decoder)
        {
            var doubled = Double(graph, features, OnnxGraph.Text("mode", "nearest"), OnnxGraph.Text("coordinate_transformation_mode", "asymmetric"), OnnxGraph.Text("nearest_mode", "floor"));
            var joined = graph.Node("Concat", [doubled, skips.Pop()], OnnxGraph.Integer("axis", 1));
            var first = Relu(graph, Convolution(graph, joined, level.First, level.FirstNorm, 1, 1));
            features = Relu(graph, Convolution(graph, first, level.Second, level.SecondNorm, 1, 1));
        }

        var logits = Double(
            graph,
            Convolution(graph, features, network.Head, null, 1, 0),
            OnnxGraph.Text("mode", "linear"),
            OnnxGraph.Text("coordinate_transformation_mode", "half_pixel"));
        graph.Node("Sigmoid", [logits], OutputName);
        graph.Output(OutputName, ("slices", null), ("classes", DenseUNet.Classes), ("height", null), ("width", null));
        return graph.ToBytes();
    }

    private static string Block(OnnxGraph graph, string features, DenseBlock block)
    {
        foreach (var unit in block.Units)
        {
            var active = Relu(graph, Norm(graph, features, unit.BottleneckNorm));
            var narrow = Relu(graph, Convolution(graph, active, unit.Bottleneck, unit.GrowthNorm, 1, 0));
            features = graph.Node("Concat", [features, Convolution(graph, narrow, unit.Growth, null, 1, 1)], OnnxGraph.Integer("axis", 1));
        }

        return features;
    }

    private static string Convolution(OnnxGraph graph, string input, Conv2d convolution, BatchNorm2d? norm, long stride, long padding)
    {
        var kernel = convolution.weight!.shape[2];
        string[] inputs = convolution.bias is { } bias
            ? [input, graph.Constant(convolution.weight), graph.Constant(bias)]
            : [input, graph.Constant(convolution.weight)];
        var convolved = graph.Node(
            "Conv",
            inputs,
            OnnxGraph.Integers("kernel_shape", kernel, kernel),
            OnnxGraph.Integers("strides", stride, stride),
            OnnxGraph.Integers("pads", padding, padding, padding, padding));
        return norm is null ? convolved : Norm(graph, convolved, norm);
    }

    private static string Norm(OnnxGraph graph, string input, BatchNorm2d norm) => graph.Node(
        "BatchNormalization",
        [input, graph.Constant(norm.weight!), graph.Constant(norm.bias!), graph.Constant(norm.running_mean!), graph.Constant(norm.running_var!)],
        OnnxGraph.Float("epsilon", (float)NormEpsilon));

    private static string Relu(OnnxGraph graph, string input) => graph.Node("Relu", [input]);

    private static string Double(OnnxGraph graph, string input, params Onnx.AttributeProto[] attributes) =>
        graph.Node("Resize", [input, string.Empty, graph.Constant([1, 1, 2, 2], 4)], attributes);
}
