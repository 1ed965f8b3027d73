using System.Buffers;
using System.Numerics.Tensors;

namespace HemoApi.Imaging.Preprocessing;

/// <summary>Slices to network input: canonical orientation, the model's spacing, one box of the frame, normalised. What lies outside
/// of the slice is air. Can be used from several threads.</summary>
public sealed class SliceSampler(NetworkFrame frame, FrameBox box)
{
    private const float AirHu = -1024;
    private readonly LinearAxis _rows = frame.Rows.FromSlice(box.Row, box.Height);
    private readonly LinearAxis _columns = frame.Columns.FromSlice(box.Column, box.Width);

    /// <param name="slice">HU of a stored slice, rows × columns of the volume.</param>
    /// <param name="input">Network input of the box, height × width.</param>
    public void Sample(ReadOnlySpan<short> slice, Span<float> input)
    {
        var plane = frame.Plane;
        // A ring of canonical rows already sampled along their columns; neighbouring rows of the box share them.
        var ring = ArrayPool<float>.Shared.Rent(_rows.Taps * box.Width);
        var line = ArrayPool<float>.Shared.Rent(Math.Max(plane.Columns, box.Width));
        var filled = 0;
        for (var row = 0; row < box.Height; row++)
        {
            var first = _rows.First(row);
            for (var source = Math.Max(filled, first); source < first + _rows.Taps; source++)
            {
                ReadAboveAir(slice, source, line);
                _columns.Sample(line.AsSpan(0, plane.Columns), RingRow(ring, source));
            }

            filled = first + _rows.Taps;
            var hu = line.AsSpan(0, box.Width);
            hu.Fill(AirHu);
            var weights = _rows.Weights(row);
            for (var tap = 0; tap < weights.Length; tap++)
            {
                if (weights[tap] != 0)
                {
                    TensorPrimitives.MultiplyAdd(RingRow(ring, first + tap), weights[tap], hu, hu);
                }
            }

            frame.Input.Hu.Apply(hu, input.Slice(row * box.Width, box.Width));
        }

        ArrayPool<float>.Shared.Return(line);
        ArrayPool<float>.Shared.Return(ring);
    }

    private Span<float> RingRow(float[] ring, int source) => ring.AsSpan(source % _rows.Taps * box.Width, box.Width);

    /// <summary>HU over air, so that the 0 which sampling takes for the outside is air.</summary>
    private void ReadAboveAir(ReadOnlySpan<short> slice, int canonicalRow, Span<float> line)
    {
        var plane = frame.Plane;
        var start = plane.Offset + (canonicalRow * plane.RowStride);
        if (plane.ColumnStride == 1)
        {
            TensorPrimitives.ConvertTruncating(slice.Slice(start, plane.Columns), line[..plane.Columns]);
            TensorPrimitives.Subtract(line[..plane.Columns], AirHu, line[..plane.Columns]);
            return;
        }

        for (var column = 0; column < plane.Columns; column++)
        {
            line[column] = slice[start + (column * plane.ColumnStride)] - AirHu;
        }
    }
}
