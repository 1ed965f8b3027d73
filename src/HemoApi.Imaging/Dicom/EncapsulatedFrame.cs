using System.Buffers;

namespace HemoApi.Imaging.Dicom;

/// <summary>The fragments of the one frame of a file in a row (PS3.5 A.4), without the offset table, in a pooled array that grows with
/// the bytes that arrive and not by a length that the file states.</summary>
internal sealed class EncapsulatedFrame : IDisposable
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>Noise that does not compress grows by a few percent; anything much longer than the image is not what the header describes.</summary>
    private const int SlackBytes = 64 * 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(ChunkBytes);
    private int _length;

    private EncapsulatedFrame()
    {
    }

    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _length);

    /// <param name="rawBytes">Of the decoded frame.</param>
    public static Outcome<EncapsulatedFrame> Read(ElementReader elements, ElementHead pixelData, int rawBytes)
    {
        var frame = new EncapsulatedFrame();
        if (frame.ReadAll(elements, pixelData, (2 * rawBytes) + SlackBytes) is not { } fault)
        {
            return frame;
        }

        frame.Dispose();
        return fault;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _length = 0;
    }

    private Fault? ReadAll(ElementReader elements, ElementHead pixelData, int maximum)
    {
        for (var index = 0; ; index++)
        {
            var fault = elements.Next(out var next);
            if (fault is not null || next is not { } item)
            {
                return fault ?? elements.Truncated(pixelData);
            }

            if (item.Tag == DicomTags.SequenceDelimitation)
            {
                return null;
            }

            if (item.Tag != DicomTags.Item || item.HasUndefinedLength)
            {
                return DicomFaults.Malformed("pixel data are not made of fragments", item.Tag, item.Offset);
            }

            if (index == 0)
            {
                fault = elements.Skip(item);
            }
            else if (item.Length > maximum - _length)
            {
                fault = DicomFaults.Malformed("the fragments are longer than compression can make of the image", pixelData.Tag, pixelData.Offset);
            }
            else
            {
                fault = Append(elements, item);
            }

            if (fault is not null)
            {
                return fault;
            }
        }
    }

    private Fault? Append(ElementReader elements, ElementHead item)
    {
        for (var left = (int)item.Length; left > 0;)
        {
            if (_length == _bytes.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(2 * _bytes.Length);
                _bytes.AsSpan(0, _length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_bytes);
                _bytes = larger;
            }

            var target = _bytes.AsSpan(_length, Math.Min(left, _bytes.Length - _length));
            if (!elements.Source.TryRead(target))
            {
                return elements.Truncated(item);
            }

            _length += target.Length;
            left -= target.Length;
        }

        return null;
    }
}
