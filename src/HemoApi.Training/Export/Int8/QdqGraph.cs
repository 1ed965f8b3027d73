using Onnx;

namespace HemoApi.Training.Export.Int8;

/// <summary>Puts QuantizeLinear and DequantizeLinear around what is to run in int8 (the QDQ format of ONNX Runtime, which fuses them into its
/// integer kernels): activations as uint8, one scale a tensor; weights as int8, one scale a channel; biases as int32.</summary>
internal sealed class QdqGraph(GraphProto graph)
{
    private const string Quantized = "_q";
    private const string Dequantized = "_dq";
    private readonly Dictionary<string, Uint8Range> _ranges = [];

    /// <summary>Everything that reads the tensor reads it through a byte from here on.</summary>
    public void Quantise(string tensor, Uint8Range range)
    {
        var consumers = graph.Consumers(tensor).ToList();
        var scale = graph.Add($"{tensor}_scale_u8", TensorProto.Types.DataType.Float, [range.Scale]);
        var zero = graph.Add($"{tensor}_zero_u8", TensorProto.Types.DataType.Uint8, [range.ZeroPoint]);
        var at = graph.Node.IndexOf(graph.Producer(tensor)!) + 1;
        graph.Node.Insert(at, Node("QuantizeLinear", tensor + Quantized, tensor, scale, zero));
        graph.Node.Insert(at + 1, Node("DequantizeLinear", tensor + Dequantized, tensor + Quantized, scale, zero));
        foreach (var consumer in consumers)
        {
            for (var i = 0; i < consumer.Input.Count; i++)
            {
                consumer.Input[i] = consumer.Input[i] == tensor ? tensor + Dequantized : consumer.Input[i];
            }
        }

        _ranges[tensor + Dequantized] = range;
    }

    /// <param name="convolution">Its input is quantised already.</param>
    public void QuantiseWeights(NodeProto convolution)
    {
        var (weights, shape) = (graph.Floats(convolution.Input[1]), graph.Constant(convolution.Input[1]).Dims.ToArray());
        var channels = (int)shape[0];
        var each = weights.Length / channels;
        var scales = new float[channels];
        var stored = new sbyte[weights.Length];
        for (var c = 0; c < channels; c++)
        {
            var own = weights.AsSpan(c * each, each);
            scales[c] = Math.Max(Math.Abs(System.Numerics.Tensors.TensorPrimitives.MaxMagnitude<float>(own)) / sbyte.MaxValue, 1e-8f);
            for (var i = 0; i < each; i++)
            {
                stored[(c * each) + i] = (sbyte)Math.Clamp(MathF.Round(own[i] / scales[c]), -sbyte.MaxValue, sbyte.MaxValue);
            }
        }

        var name = convolution.Output[0];
        Replace(convolution, 1, graph.Add($"{name}_w8", TensorProto.Types.DataType.Int8, stored, shape), scales, TensorProto.Types.DataType.Int8);
        if (convolution.Input.Count > 2)
        {
            var input = _ranges[convolution.Input[0]].Scale;
            float[] biasScales = [.. scales.Select(s => s * input)];
            int[] bias = [.. graph.Floats(convolution.Input[2]).Select((b, c) => (int)Math.Clamp(Math.Round(b / (double)biasScales[c]), int.MinValue, int.MaxValue))];
            Replace(convolution, 2, graph.Add($"{name}_b32", TensorProto.Types.DataType.Int32, bias, channels), biasScales, TensorProto.Types.DataType.Int32);
        }
    }

    private void Replace(NodeProto convolution, int input, string stored, float[] scales, TensorProto.Types.DataType type)
    {
        var scale = graph.Add($"{stored}_scale", TensorProto.Types.DataType.Float, scales, scales.Length);
        var zero = type == TensorProto.Types.DataType.Int8
            ? graph.Add($"{stored}_zero", type, new sbyte[scales.Length], scales.Length)
            : graph.Add($"{stored}_zero", type, new int[scales.Length], scales.Length);
        var node = Node("DequantizeLinear", stored + Dequantized, stored, scale, zero);
        node.Attribute.Add(OnnxGraph.Integer("axis", 0));
        graph.Node.Insert(graph.Node.IndexOf(convolution), node);
        convolution.Input[input] = stored + Dequantized;
    }

    private static NodeProto Node(string op, string output, params string[] inputs)
    {
        var node = new NodeProto { OpType = op, Name = output };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        return node;
    }
}
