using Google.Protobuf;
using Onnx;

namespace HemoApi.Training.Export.Int8;

/// <summary>What of a network runs in int8.</summary>
internal enum Int8Variant
{
    /// <summary>All but the first convolution and what follows the last one; norms that stand alone are depthwise convolutions.</summary>
    Int8,

    /// <summary>Convolutions alone: concatenated maps of the dense blocks, and their norms and activations, stay float32.</summary>
    Mixed,
}

/// <summary>Static quantisation of a network that <see cref="OnnxExporter"/> wrote, calibrated on slices.</summary>
/// <remarks>The first convolution (of 1 channel) and what follows the last one (3 channels, doubled, sigmoid) cost little and would lose most, so
/// they stay float32. uint8 times int8 is exact on processors with VNNI; without it x64 kernels may saturate.</remarks>
internal static class Int8Quantiser
{
    private static readonly string[] SameRange = ["MaxPool", "Resize"];

    /// <param name="slices">Normalised, of the kind that the network will see.</param>
    /// <exception cref="InvalidDataException">The file is no network of this project.</exception>
    public static byte[] Quantise(byte[] onnx, Int8Variant variant, IEnumerable<TrainingSample> slices, CancellationToken cancellation)
    {
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(onnx);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidDataException("the file is not an ONNX model", e);
        }

        var graph = model.Graph ?? throw new InvalidDataException("the model has no graph");
        NormFolding.Fold(graph, keepStandalone: variant == Int8Variant.Mixed);
        NodeProto[] convolutions = [.. graph.Node.Where(n => n.OpType == "Conv")];
        if (convolutions.Length < 3 || convolutions[0].Input[0] != graph.Input[0].Name)
        {
            throw new InvalidDataException("the model is not a network of this project");
        }

        NodeProto[] inInt8 = convolutions[1..^1];
        var tensors = Tensors(graph, inInt8, convolutions[^1], variant);
        var ranges = RangesOf(graph, tensors, new ActivationRanges(model, tensors, slices, cancellation));
        var removed = RemoveActivations(graph, tensors);
        var qdq = new QdqGraph(graph);
        foreach (var tensor in tensors)
        {
            qdq.Quantise(tensor, ranges[tensor]);
        }

        Array.ForEach(inInt8, qdq.QuantiseWeights);
        graph.RemoveUnusedConstants();
        return removed == 0 ? throw new InvalidDataException("the model has no activation that storing in a byte could replace") : model.ToByteArray();
    }

    /// <summary>The tensors that become bytes, in the order of the graph.</summary>
    private static List<string> Tensors(GraphProto graph, NodeProto[] inInt8, NodeProto last, Int8Variant variant)
    {
        var afterLast = graph.Node.Skip(graph.Node.IndexOf(last)).Select(n => n.Output[0]).ToHashSet();
        var quantised = new HashSet<string>();
        foreach (var node in graph.Node.Where(n => !afterLast.Contains(n.Output[0])))
        {
            var output = node.Output[0];
            var isFollowedByActivation = graph.Consumers(output).All(c => c.OpType == "Relu");
            var isWanted = variant == Int8Variant.Int8
                || graph.Consumers(output).Any(c => inInt8.Contains(c))
                || inInt8.Contains(node)
                || (node.OpType == "Relu" && inInt8.Contains(graph.Producer(node.Input[0])!))
                || (node.OpType == "Resize" && quantised.Contains(node.Input[0]));
            if (isWanted && !isFollowedByActivation)
            {
                quantised.Add(output);
            }
        }

        return [.. graph.Node.Select(n => n.Output[0]).Where(quantised.Contains)];
    }

    /// <summary>As calibrated, but for pooling and doubling, which take over the range of what they read, and for concatenations that grow step by step,
    /// which have the range of the last, so that nothing is stored anew on the way.</summary>
    private static Dictionary<string, Uint8Range> RangesOf(GraphProto graph, IReadOnlyList<string> tensors, ActivationRanges seen)
    {
        var ranges = tensors.ToDictionary(t => t, t => seen.Of(t, graph.Producer(t)!.OpType == "Relu"));
        foreach (var node in graph.Node.Reverse().Where(n => n.OpType == "Concat" && ranges.ContainsKey(n.Output[0])))
        {
            if (graph.Producer(node.Input[0]) is { OpType: "Concat" } before && ranges.ContainsKey(before.Output[0]))
            {
                ranges[before.Output[0]] = ranges[node.Output[0]];
            }
        }

        foreach (var node in graph.Node.Where(n => SameRange.Contains(n.OpType) && ranges.ContainsKey(n.Output[0]) && ranges.ContainsKey(n.Input[0])))
        {
            ranges[node.Output[0]] = ranges[node.Input[0]];
        }

        return ranges;
    }

    /// <summary>A byte from 0 on clips below 0, as the activation before it does.</summary>
    private static int RemoveActivations(GraphProto graph, IReadOnlyList<string> tensors)
    {
        var removed = 0;
        foreach (var relu in graph.Node.Where(n => n.OpType == "Relu" && tensors.Contains(n.Output[0])).ToList())
        {
            var before = graph.Producer(relu.Input[0]);
            if (before is not null && graph.Consumers(before.Output[0]).Count() == 1)
            {
                before.Output[0] = relu.Output[0];
                graph.Node.Remove(relu);
                removed++;
            }
        }

        return removed;
    }
}
