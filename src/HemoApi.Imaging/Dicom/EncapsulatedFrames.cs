using System.Buffers;
using System.Buffers.Binary;

namespace HemoApi.Imaging.Dicom;

/// <summary>The compressed frames of a file, one after the other (PS3.5 A.4), each put together of its fragments in a pooled array that
/// grows with the bytes that arrive and not by a length that the file states.</summary>
/// <remarks>All fragments of a file of one frame are that frame. Of several frames, the offset table says at which fragment each starts;
/// where there is none, each RLE fragment is a frame (PS3.5 A.4.2), and of the other syntaxes a frame starts with the start mark of its stream.</remarks>
internal sealed class EncapsulatedFrames(ElementReader elements, ElementHead pixelData, TransferSyntax syntax, DicomInstance image, long[]? extendedOffsets) : IDisposable
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>Noise that does not compress grows by a few percent; anything much longer than the image is not what the header describes.</summary>
    private const int SlackBytes = 64 * 1024;

    private readonly int _maximumLength = (2 * image.Rows * image.Columns * (image.BitsAllocated / 8)) + SlackBytes;
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(ChunkBytes);
    private int _length;
    private int _taken;
    private long _firstFragment;
    private long[]? _offsets;
    private ElementHead? _next;
    private bool _isStarted;

    /// <summary>The next frame; valid until the next call.</summary>
    public Outcome<ReadOnlyMemory<byte>> Read()
    {
        _length = 0;
        return Take(keep: true) is { } fault ? fault : (ReadOnlyMemory<byte>)_bytes.AsMemory(0, _length);
    }

    /// <summary>Passes over the next frame.</summary>
    public Fault? Skip() => Take(keep: false);

    /// <summary>Passes over all that are left, and sees that there are as many as the header says.</summary>
    public Fault? SkipAll()
    {
        while (_taken < image.NumberOfFrames)
        {
            if (Skip() is { } fault)
            {
                return fault;
            }
        }

        return _next is null ? null : Malformed($"there are more frames than the {image.NumberOfFrames} that the header says");
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private Fault? Take(bool keep)
    {
        var fault = _isStarted ? null : Start();
        if (fault is null && _next is null)
        {
            fault = Malformed(_taken == 0 ? "there are no fragments" : $"there are {_taken} frames, and the header says {image.NumberOfFrames}");
        }

        do
        {
            fault ??= keep ? Append(_next!.Value) : elements.Skip(_next!.Value);
            fault ??= Advance();
            if (fault is not null)
            {
                return fault;
            }
        }
        while (_next is { } next && !StartsFrame(next));

        _taken++;
        return _offsets is not null && _taken < image.NumberOfFrames && _next?.Offset - _firstFragment != _offsets[_taken]
            ? Malformed("the offset table points to where no fragment starts")
            : null;
    }

    /// <summary>The offset table, which is the first item, and the head of the first fragment.</summary>
    private Fault? Start()
    {
        _isStarted = true;
        elements.EnterPixelData();
        var fault = Advance();
        if (fault is not null || _next is not { } table)
        {
            return fault ?? Malformed("there is no offset table");
        }

        if (image.NumberOfFrames == 1 || table.Length == 0)
        {
            fault = elements.Skip(table);
            _offsets = image.NumberOfFrames == 1 ? null : extendedOffsets;
        }
        else
        {
            fault = ReadTable(table);
        }

        fault ??= Advance();
        _firstFragment = _next?.Offset ?? 0;
        return fault ?? (_offsets is null || (_offsets.Length == image.NumberOfFrames && _offsets[0] == 0)
            ? null
            : Malformed($"the offset table is not one of {image.NumberOfFrames} frames"));
    }

    private Fault? ReadTable(ElementHead table)
    {
        var fault = elements.ReadValue(table, sizeof(uint) * image.NumberOfFrames, out var value);
        _offsets = new long[value.Length / sizeof(uint)];
        for (var k = 0; k < _offsets.Length; k++)
        {
            _offsets[k] = BinaryPrimitives.ReadUInt32LittleEndian(value.AsSpan(sizeof(uint) * k));
        }

        return fault;
    }

    private Fault? Advance() => elements.NextFragment(pixelData, out _next);

    private bool StartsFrame(ElementHead fragment)
    {
        if (image.NumberOfFrames == 1)
        {
            return false;
        }

        if (_offsets is not null)
        {
            return _taken + 1 < _offsets.Length && fragment.Offset - _firstFragment >= _offsets[_taken + 1];
        }

        return syntax.Codec == PixelCodec.Rle
            || elements.Source.Peek(4) is [0xFF, 0xD8, 0xFF, ..] or [0xFF, 0x4F, 0xFF, 0x51] or [0, 0, 0, 0x0C];
    }

    private Fault? Append(ElementHead item)
    {
        if (item.Length > _maximumLength - _length)
        {
            return Malformed("the fragments are longer than compression can make of the image");
        }

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

    private Fault Malformed(string problem) => DicomFaults.Malformed(problem, pixelData.Tag, pixelData.Offset);
}
