using System.Numerics.Tensors;

namespace HemoApi.Imaging.Preprocessing;

/// <summary>Linear interpolation along one axis: sample i lies at <c>origin + step · i</c> between the source's samples. Where the
/// source is finer than the samples (step over 1) the triangle widens to the step, so that noise is averaged and not aliased.
/// What lies outside of the source counts as 0.</summary>
internal sealed class LinearAxis
{
    private const double ShiftTolerance = 1e-9;
    private readonly int[] _first;
    private readonly float[] _weights;
    private readonly int? _shift;

    public LinearAxis(double origin, double step, int count, int sourceCount)
    {
        var isShift = Math.Abs(step - 1) < ShiftTolerance && Math.Abs(origin - Math.Round(origin)) < ShiftTolerance;
        var halfWidth = Math.Max(1, step);
        _shift = isShift ? (int)Math.Round(origin) : null;
        Count = count;
        SourceCount = sourceCount;
        Taps = Math.Min(isShift ? 1 : (int)Math.Ceiling(2 * halfWidth), sourceCount);
        _first = new int[count];
        _weights = new float[count * Taps];
        for (var i = 0; i < count; i++)
        {
            var position = origin + (step * i);
            var low = _shift + i ?? (int)Math.Floor(position - halfWidth) + 1;
            var high = isShift ? low : (int)Math.Ceiling(position + halfWidth) - 1;
            _first[i] = Math.Clamp(low, 0, sourceCount - Taps);
            var total = 0.0;
            for (var source = low; source <= high; source++)
            {
                total += 1 - (Math.Abs(source - position) / halfWidth);
            }

            for (var source = Math.Max(0, low); source <= Math.Min(high, sourceCount - 1); source++)
            {
                _weights[(i * Taps) + source - _first[i]] = (float)((1 - (Math.Abs(source - position) / halfWidth)) / total);
            }
        }
    }

    public int Count { get; }

    public int SourceCount { get; }

    /// <summary>Source samples that one sample is made of, at most.</summary>
    public int Taps { get; }

    /// <summary>The first source sample that sample i is made of.</summary>
    public int First(int i) => _first[i];

    /// <summary>Weights of the source samples from <see cref="First"/> on, <see cref="Taps"/> of them.</summary>
    public ReadOnlySpan<float> Weights(int i) => _weights.AsSpan(i * Taps, Taps);

    /// <summary>Samples a line of <see cref="SourceCount"/> values into one of <see cref="Count"/>.</summary>
    public void Sample(ReadOnlySpan<float> source, Span<float> target)
    {
        if (_shift is { } shift)
        {
            var start = Math.Clamp(-shift, 0, Count);
            var end = Math.Clamp(SourceCount - shift, start, Count);
            target[..start].Clear();
            source.Slice(Math.Clamp(start + shift, 0, SourceCount), end - start).CopyTo(target[start..]);
            target[end..Count].Clear();
            return;
        }

        for (var i = 0; i < Count; i++)
        {
            target[i] = TensorPrimitives.Dot(source.Slice(_first[i], Taps), Weights(i));
        }
    }
}
