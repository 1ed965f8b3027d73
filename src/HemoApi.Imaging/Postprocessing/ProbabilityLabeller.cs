using System.Buffers;
using System.Numerics.Tensors;
using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Preprocessing;

namespace HemoApi.Imaging.Postprocessing;

/// <summary>The network's probabilities of one box of the frame back onto the slice as it was stored: interpolated linearly to the
/// slice's own pixels, then labelled. Undoes what <see cref="SliceSampler"/> did. Can be used from several threads.</summary>
/// <remarks>A voxel is the class of the highest probability among those at or over their threshold; the first where two are equal.</remarks>
public sealed class ProbabilityLabeller(NetworkFrame frame, FrameBox box, ModelOutput output)
{
    private const float LowestKept = (float)ProbabilityLevels.Low / ProbabilityLevels.Certain;

    private readonly LinearAxis _rows = frame.Rows.ToSlice(box.Row, box.Height);
    private readonly LinearAxis _columns = frame.Columns.ToSlice(box.Column, box.Width);
    private readonly float[] _thresholds = [.. output.Thresholds];
    private readonly byte[] _labels = [.. output.Classes.Select(code => (byte)HemorrhageTypes.Find(code)!.Value)];

    /// <param name="probabilities">Classes × height × width of the box.</param>
    /// <param name="labels">The stored slice's labels, all 0.</param>
    /// <param name="levels">The stored slice's <see cref="ProbabilityLevels"/>, all 0; empty where they are not wanted.</param>
    /// <param name="peaks">Gets the peaks of the slice's runs, their voxels counted in the slice; null where they are not wanted.</param>
    public void Label(ReadOnlySpan<float> probabilities, Span<byte> labels, Span<byte> levels, List<RunPeak>? peaks = null)
    {
        var area = box.Height * box.Width;
        // Interpolation never exceeds its source: a class that stays under its threshold here does so everywhere.
        var classes = new List<int>();
        for (var c = 0; c < _labels.Length; c++)
        {
            if (TensorPrimitives.Max(probabilities.Slice(c * area, area)) >= Lowest(c, levels))
            {
                classes.Add(c);
            }
        }

        if (classes.Count == 0)
        {
            return;
        }

        var plane = frame.Plane;
        var line = ArrayPool<float>.Shared.Rent(box.Width);
        var rows = ArrayPool<float>.Shared.Rent(classes.Count * plane.Columns);
        var highest = ArrayPool<float>.Shared.Rent(plane.Columns);
        for (var r = 0; r < plane.Rows; r++)
        {
            highest.AsSpan(0, plane.Columns).Clear();
            var start = plane.Offset + (r * plane.RowStride);
            for (var i = 0; i < classes.Count; i++)
            {
                var c = classes[i];
                var values = rows.AsSpan(i * plane.Columns, plane.Columns);
                if (SampleRow(probabilities.Slice(c * area, area), r, line.AsSpan(0, box.Width)) < Lowest(c, levels))
                {
                    values.Clear();
                    continue;
                }

                _columns.Sample(line.AsSpan(0, box.Width), values);
                LabelRow(c, values, highest, labels, start);
                if (!levels.IsEmpty)
                {
                    KeepRow(values, levels, start);
                }
            }

            if (peaks is not null && TensorPrimitives.Max<float>(highest.AsSpan(0, plane.Columns)) > 0)
            {
                AddPeaks(rows, classes, labels, start, peaks);
            }
        }

        ArrayPool<float>.Shared.Return(highest);
        ArrayPool<float>.Shared.Return(rows);
        ArrayPool<float>.Shared.Return(line);
    }

    /// <summary>The lowest probability of a class that leaves a trace.</summary>
    private float Lowest(int c, Span<byte> levels) => levels.IsEmpty ? _thresholds[c] : Math.Min(_thresholds[c], LowestKept);

    /// <returns>The row's maximum.</returns>
    private float SampleRow(ReadOnlySpan<float> probabilities, int row, Span<float> line)
    {
        line.Clear();
        var weights = _rows.Weights(row);
        for (var tap = 0; tap < weights.Length; tap++)
        {
            if (weights[tap] != 0)
            {
                TensorPrimitives.MultiplyAdd(probabilities.Slice((_rows.First(row) + tap) * box.Width, box.Width), weights[tap], line, line);
            }
        }

        return TensorPrimitives.Max<float>(line);
    }

    private void LabelRow(int c, ReadOnlySpan<float> probabilities, Span<float> highest, Span<byte> labels, int start)
    {
        var (threshold, label, stride) = (_thresholds[c], _labels[c], frame.Plane.ColumnStride);
        for (var column = 0; column < probabilities.Length; column++)
        {
            if (probabilities[column] >= threshold && probabilities[column] > highest[column])
            {
                highest[column] = probabilities[column];
                labels[start + (column * stride)] = label;
            }
        }
    }

    private void AddPeaks(ReadOnlySpan<float> rows, List<int> classes, ReadOnlySpan<byte> labels, int start, List<RunPeak> peaks)
    {
        var (columns, stride) = (frame.Plane.Columns, frame.Plane.ColumnStride);
        for (int first = 0, end; first < columns; first = end)
        {
            var label = labels[start + (first * stride)];
            for (end = first + 1; end < columns && labels[start + (end * stride)] == label; end++)
            {
            }

            for (var i = 0; label != 0 && i < classes.Count; i++)
            {
                var peak = TensorPrimitives.Max(rows.Slice((i * columns) + first, end - first));
                if (peak > 0)
                {
                    peaks.Add(new(start + (first * stride), (HemorrhageType)_labels[classes[i]], Math.Min(1, peak)));
                }
            }
        }
    }

    private void KeepRow(ReadOnlySpan<float> probabilities, Span<byte> levels, int start)
    {
        for (var column = 0; column < probabilities.Length; column++)
        {
            if (probabilities[column] >= LowestKept)
            {
                ref var level = ref levels[start + (column * frame.Plane.ColumnStride)];
                level = Math.Max(level, ProbabilityLevels.LevelOf(probabilities[column]));
            }
        }
    }
}
