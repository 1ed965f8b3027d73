using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace HemoApi.Imaging.Inference;

/// <summary>The network's output in the engine's own memory, slices × classes × height × width.</summary>
internal sealed class Probabilities(IDisposableReadOnlyCollection<OrtValue> values, int slices, int classes, int height, int width) : IDisposable
{
    /// <summary>Half precision on a GPU can leave [0, 1] by its last bit.</summary>
    private const float Tolerance = 1e-3f;

    /// <summary>What makes this no probabilities of the shape that was asked for, as the end of a sentence; null where all is well.</summary>
    public string? Problem()
    {
        long[] expected = [slices, classes, height, width];
        var shape = values[0].GetTensorTypeAndShape().Shape;
        if (!shape.SequenceEqual(expected))
        {
            return $"an output of {string.Join('×', shape)} instead of {string.Join('×', expected)}";
        }

        var all = values[0].GetTensorDataAsSpan<float>();
        var (minimum, maximum) = (TensorPrimitives.Min(all), TensorPrimitives.Max(all));
        if (float.IsNaN(minimum) || float.IsNaN(maximum))
        {
            return "probabilities that are no numbers";
        }

        return minimum >= -Tolerance && maximum <= 1 + Tolerance ? null : $"probabilities from {minimum:G3} to {maximum:G3}";
    }

    /// <summary>Classes × height × width of one slice.</summary>
    public ReadOnlySpan<float> Slice(int slice)
    {
        var size = classes * height * width;
        return values[0].GetTensorDataAsSpan<float>().Slice(slice * size, size);
    }

    /// <summary>As <see cref="Slice"/>, to be changed in place.</summary>
    public Span<float> MutableSlice(int slice)
    {
        var size = classes * height * width;
        return values[0].GetTensorMutableDataAsSpan<float>().Slice(slice * size, size);
    }

    public void Dispose() => values.Dispose();
}
