using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace HemoApi.Training.Export;

/// <summary>Builds an ONNX graph node by node; every node has one output, whose name is returned.</summary>
internal sealed class OnnxGraph(string name)
{
    private const int Opset = 17;
    private const int IrVersion = 8;
    private readonly GraphProto _graph = new() { Name = name };
    private int _count;

    /// <summary>A float32 tensor; null dimensions are dynamic and carry their name.</summary>
    public void Input(string input, params (string Name, long? Size)[] dimensions) => _graph.Input.Add(Value(input, dimensions));

    public void Output(string output, params (string Name, long? Size)[] dimensions) => _graph.Output.Add(Value(output, dimensions));

    /// <summary>A constant of the graph.</summary>
    public string Constant(Tensor values)
    {
        using var scope = NewDisposeScope();
        var floats = values.detach().to(ScalarType.Float32).contiguous().cpu().data<float>().ToArray();
        return Constant(floats, values.shape);
    }

    public string Constant(float[] values, params long[] shape)
    {
        var constant = new TensorProto
        {
            Name = $"c{_count++}",
            DataType = (int)TensorProto.Types.DataType.Float,
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())),
        };
        constant.Dims.AddRange(shape);
        _graph.Initializer.Add(constant);
        return constant.Name;
    }

    public string Node(string op, string[] inputs, params AttributeProto[] attributes) => Node(op, inputs, $"n{_count++}", attributes);

    public string Node(string op, string[] inputs, string output, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = op, Name = output };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        node.Attribute.AddRange(attributes);
        _graph.Node.Add(node);
        return output;
    }

    public static AttributeProto Integer(string name, long value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    public static AttributeProto Integers(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }

    public static AttributeProto Float(string name, float value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };

    public static AttributeProto Text(string name, string value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    public byte[] ToBytes()
    {
        var model = new ModelProto { IrVersion = IrVersion, ProducerName = "HemoApi", Graph = _graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = Opset });
        return model.ToByteArray();
    }

    private static ValueInfoProto Value(string name, (string Name, long? Size)[] dimensions)
    {
        var shape = new TensorShapeProto();
        foreach (var (dimension, size) in dimensions)
        {
            shape.Dim.Add(size is { } fixedSize
                ? new TensorShapeProto.Types.Dimension { DimValue = fixedSize }
                : new TensorShapeProto.Types.Dimension { DimParam = dimension });
        }

        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto
            {
                TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape },
            },
        };
    }
}
