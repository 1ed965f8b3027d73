namespace HemoApi.Imaging.Dicom;

/// <summary>Buffered bytes of a stream that need not seek. Reads only forward, and never allocates by a length that a file states.</summary>
internal sealed class ByteSource(Stream stream)
{
    private readonly byte[] _buffer = new byte[8192];
    private int _start;
    private int _end;

    /// <summary>Bytes consumed so far.</summary>
    public long Offset { get; private set; }

    /// <summary>The stream's own decompression gave up: what follows can't be had.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>The next bytes without consuming them; fewer than <paramref name="count"/> only at the end.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        if (_start > 0 && _start + count > _buffer.Length)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        while (_end - _start < count)
        {
            var read = ReadStream(_buffer.AsSpan(_end));
            if (read == 0)
            {
                break;
            }

            _end += read;
        }

        return _buffer.AsSpan(_start, Math.Min(count, _end - _start));
    }

    /// <summary>Up to the length of the target; 0 at the end.</summary>
    public int Read(Span<byte> target)
    {
        var buffered = Math.Min(target.Length, _end - _start);
        if (buffered == 0)
        {
            buffered = ReadStream(target);
            Offset += buffered;
            return buffered;
        }

        _buffer.AsSpan(_start, buffered).CopyTo(target);
        _start += buffered;
        Offset += buffered;
        return buffered;
    }

    /// <summary>Fills the target, or says that the data end before that.</summary>
    public bool TryRead(Span<byte> target)
    {
        while (target.Length > 0)
        {
            var read = Read(target);
            if (read == 0)
            {
                return false;
            }

            target = target[read..];
        }

        return true;
    }

    /// <summary>Passes over bytes, or says that the data end before that.</summary>
    public bool TrySkip(long count)
    {
        while (count > 0)
        {
            if (_start == _end)
            {
                _start = 0;
                _end = ReadStream(_buffer);
                if (_end == 0)
                {
                    return false;
                }
            }

            var step = (int)Math.Min(count, _end - _start);
            _start += step;
            Offset += step;
            count -= step;
        }

        return true;
    }

    private int ReadStream(Span<byte> target)
    {
        if (IsDamaged)
        {
            return 0;
        }

        try
        {
            return stream.Read(target);
        }
        catch (InvalidDataException)
        {
            IsDamaged = true;
            return 0;
        }
    }
}
