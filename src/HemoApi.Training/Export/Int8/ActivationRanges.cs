using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Onnx;

namespace HemoApi.Training.Export.Int8;

/// <summary>What values the tensors inside a network take on some slices: ONNX Runtime runs it with them as outputs.</summary>
internal sealed class ActivationRanges
{
    /// <summary>Kept of each tensor and slice, evenly over it.</summary>
    private const int SamplesPerSlice = 2048;

    private readonly Dictionary<string, (List<float> Samples, float Minimum, float Maximum)> _seen = [];

    /// <param name="tensors">Outputs of nodes, float32.</param>
    /// <param name="slices">Normalised, square.</param>
    public ActivationRanges(ModelProto model, IReadOnlyList<string> tensors, IEnumerable<TrainingSample> slices, CancellationToken cancellation)
    {
        var observed = model.Clone();
        foreach (var tensor in tensors.Where(t => observed.Graph.Output.All(o => o.Name != t)))
        {
            observed.Graph.Output.Add(new ValueInfoProto
            {
                Name = tensor, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float } },
            });
        }

        using var session = new InferenceSession(observed.ToByteArray());
        using var options = new RunOptions();
        foreach (var slice in slices)
        {
            cancellation.ThrowIfCancellationRequested();
            using var image = OrtValue.CreateTensorValueFromMemory(slice.Image, [1, 1, slice.Size, slice.Size]);
            using var values = session.Run(options, [model.Graph.Input[0].Name], [image], tensors);
            foreach (var (tensor, value) in tensors.Zip(values))
            {
                Add(tensor, value.GetTensorDataAsSpan<float>());
            }
        }
    }

    public Uint8Range Of(string tensor, bool isRectified)
    {
        var (samples, minimum, maximum) = _seen[tensor];
        return Uint8Range.Fit(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(samples), minimum, maximum, isRectified);
    }

    private void Add(string tensor, ReadOnlySpan<float> values)
    {
        var (samples, minimum, maximum) = _seen.GetValueOrDefault(tensor, ([], float.PositiveInfinity, float.NegativeInfinity));
        // A step that shares no factor with the sides of maps, so that samples do not stand in columns.
        var step = Math.Max(1, values.Length / SamplesPerSlice) | 1;
        for (var i = 0; i < values.Length; i += step)
        {
            samples.Add(values[i]);
        }

        _seen[tensor] = (
            samples,
            Math.Min(minimum, System.Numerics.Tensors.TensorPrimitives.Min(values)),
            Math.Max(maximum, System.Numerics.Tensors.TensorPrimitives.Max(values)));
    }
}
