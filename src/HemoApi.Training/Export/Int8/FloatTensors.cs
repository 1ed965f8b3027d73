using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;

namespace HemoApi.Training.Export.Int8;

/// <summary>Constants of an ONNX graph and what uses them.</summary>
internal static class FloatTensors
{
    /// <exception cref="InvalidDataException">The graph has no such constant of float32, stored raw as <see cref="OnnxGraph"/> writes it.</exception>
    public static float[] Floats(this GraphProto graph, string name)
    {
        var tensor = graph.Constant(name);
        return tensor is { DataType: (int)TensorProto.Types.DataType.Float, RawData.Length: > 0 }
            ? MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray()
            : throw new InvalidDataException($"constant {name} of the model is not float32, or not stored raw");
    }

    /// <exception cref="InvalidDataException">The graph has no such constant.</exception>
    public static TensorProto Constant(this GraphProto graph, string name) =>
        graph.Initializer.SingleOrDefault(c => c.Name == name) ?? throw new InvalidDataException($"the model lacks its constant {name}");

    /// <returns>The name.</returns>
    public static string Add<T>(this GraphProto graph, string name, TensorProto.Types.DataType type, T[] values, params long[] shape)
        where T : unmanaged
    {
        var constant = new TensorProto { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())) };
        constant.Dims.AddRange(shape);
        graph.Initializer.Add(constant);
        return name;
    }

    public static IEnumerable<NodeProto> Consumers(this GraphProto graph, string output) => graph.Node.Where(n => n.Input.Contains(output));

    public static NodeProto? Producer(this GraphProto graph, string output) => graph.Node.SingleOrDefault(n => n.Output[0] == output);

    public static void RemoveUnusedConstants(this GraphProto graph)
    {
        var used = graph.Node.SelectMany(n => n.Input).ToHashSet();
        foreach (var unused in graph.Initializer.Where(c => !used.Contains(c.Name)).ToList())
        {
            graph.Initializer.Remove(unused);
        }
    }
}
