using HemoApi.Training.Networks;
using Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace HemoApi.Training.Export;

/// <summary>Reads the weights of a model that <see cref="OnnxExporter"/> wrote back into a network, to train on from a model that is shipped.</summary>
internal static class OnnxWeights
{
    /// <exception cref="InvalidDataException">The file does not hold this network.</exception>
    public static void Load(byte[] onnx, DenseUNet network)
    {
        var graph = Parse(onnx);
        var constants = graph.Initializer.ToDictionary(c => c.Name);
        NodeProto[] nodes = [.. graph.Node.Where(n => n.OpType is "Conv" or "BatchNormalization")];
        nn.Module[] layers = [.. InOrderOfUse(network)];
        if (nodes.Length != layers.Length)
        {
            throw new InvalidDataException($"the model has {nodes.Length} layers with weights, this network {layers.Length}");
        }

        using var untracked = no_grad();
        foreach (var (node, layer) in nodes.Zip(layers))
        {
            Tensor?[] targets = layer switch
            {
                Conv2d convolution => [convolution.weight, convolution.bias],
                BatchNorm2d norm => [norm.weight, norm.bias, norm.running_mean, norm.running_var],
                _ => [],
            };
            Tensor[] wanted = [.. targets.OfType<Tensor>()];
            if (node.Input.Count != wanted.Length + 1)
            {
                throw new InvalidDataException($"node {node.Output[0]} of the model is not the layer that this network has there");
            }

            foreach (var (name, target) in node.Input.Skip(1).Zip(wanted))
            {
                Copy(constants.GetValueOrDefault(name) ?? throw new InvalidDataException($"the model lacks its constant {name}"), target);
            }
        }
    }

    /// <summary>As <see cref="OnnxExporter"/> visits them.</summary>
    private static IEnumerable<nn.Module> InOrderOfUse(DenseUNet network)
    {
        yield return network.Stem;
        yield return network.StemNorm;
        foreach (var (block, transition) in network.Blocks.Zip(network.Transitions))
        {
            foreach (var unit in block.Units)
            {
                yield return unit.BottleneckNorm;
                yield return unit.Bottleneck;
                yield return unit.GrowthNorm;
                yield return unit.Growth;
            }

            yield return transition.Norm;
            yield return transition.Convolution;
        }

        foreach (var level in network.Decoder)
        {
            yield return level.First;
            yield return level.FirstNorm;
            yield return level.Second;
            yield return level.SecondNorm;
        }

        yield return network.Head;
    }

    private static GraphProto Parse(byte[] onnx)
    {
        try
        {
            return ModelProto.Parser.ParseFrom(onnx).Graph ?? throw new InvalidDataException("the model has no graph");
        }
        catch (Google.Protobuf.InvalidProtocolBufferException e)
        {
            throw new InvalidDataException("the file is not an ONNX model", e);
        }
    }

    private static void Copy(TensorProto constant, Tensor target)
    {
        if (!constant.Dims.SequenceEqual(target.shape) || constant.RawData.Length != target.numel() * sizeof(float))
        {
            throw new InvalidDataException($"constant {constant.Name} has the shape [{string.Join(", ", constant.Dims)}], not [{string.Join(", ", target.shape)}]");
        }

        using var scope = NewDisposeScope();
        var values = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(constant.RawData.Span).ToArray();
        target.copy_(tensor(values, target.shape));
    }
}
