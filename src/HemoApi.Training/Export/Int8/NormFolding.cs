using Onnx;

namespace HemoApi.Training.Export.Int8;

/// <summary>Batch norms as what int8 kernels know: a norm behind a convolution goes into its weights, and one that stands alone, before an
/// activation of concatenated maps, becomes a depthwise convolution of 1 × 1. Both compute the same.</summary>
internal static class NormFolding
{
    /// <param name="keepStandalone">Leaves norms that stand alone as they are, in float.</param>
    public static void Fold(GraphProto graph, bool keepStandalone)
    {
        foreach (var norm in graph.Node.Where(n => n.OpType == "BatchNormalization").ToList())
        {
            var (scale, shift) = ScaleAndShift(graph, norm);
            var producer = graph.Producer(norm.Input[0]);
            if (producer?.OpType == "Conv" && graph.Consumers(producer.Output[0]).Count() == 1)
            {
                FoldInto(graph, producer, scale, shift);
                producer.Output[0] = norm.Output[0];
                graph.Node.Remove(norm);
            }
            else if (!keepStandalone)
            {
                var depthwise = new NodeProto { OpType = "Conv", Name = norm.Name };
                depthwise.Input.AddRange([
                    norm.Input[0],
                    graph.Add($"{norm.Output[0]}_scale", TensorProto.Types.DataType.Float, scale, scale.Length, 1, 1, 1),
                    graph.Add($"{norm.Output[0]}_shift", TensorProto.Types.DataType.Float, shift, shift.Length)]);
                depthwise.Output.Add(norm.Output[0]);
                depthwise.Attribute.AddRange([OnnxGraph.Integer("group", scale.Length), OnnxGraph.Integers("kernel_shape", 1, 1)]);
                graph.Node[graph.Node.IndexOf(norm)] = depthwise;
            }
        }

        graph.RemoveUnusedConstants();
    }

    /// <summary>norm(x) = scale · x + shift, by channel.</summary>
    private static (float[] Scale, float[] Shift) ScaleAndShift(GraphProto graph, NodeProto norm)
    {
        var (gamma, beta, mean, variance) = (graph.Floats(norm.Input[1]), graph.Floats(norm.Input[2]), graph.Floats(norm.Input[3]), graph.Floats(norm.Input[4]));
        var epsilon = norm.Attribute.SingleOrDefault(a => a.Name == "epsilon")?.F ?? 1e-5f;
        float[] scale = [.. gamma.Zip(variance, (g, v) => (float)(g / Math.Sqrt((double)v + epsilon)))];
        return (scale, [.. beta.Select((b, c) => b - (mean[c] * scale[c]))]);
    }

    private static void FoldInto(GraphProto graph, NodeProto convolution, float[] scale, float[] shift)
    {
        var (weights, shape) = (graph.Floats(convolution.Input[1]), graph.Constant(convolution.Input[1]).Dims.ToArray());
        var each = weights.Length / scale.Length;
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] *= scale[i / each];
        }

        if (convolution.Input.Count > 2)
        {
            var bias = graph.Floats(convolution.Input[2]);
            shift = [.. shift.Select((s, c) => s + (bias[c] * scale[c]))];
            convolution.Input.RemoveAt(2);
        }

        convolution.Input[1] = graph.Add($"{convolution.Output[0]}_weights", TensorProto.Types.DataType.Float, weights, shape);
        convolution.Input.Add(graph.Add($"{convolution.Output[0]}_bias", TensorProto.Types.DataType.Float, shift, shift.Length));
    }
}
