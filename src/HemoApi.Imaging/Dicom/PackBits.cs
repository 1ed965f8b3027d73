namespace HemoApi.Imaging.Dicom;

/// <summary>Unpacks one segment piece by piece (PS3.5 G.3.2).</summary>
internal ref struct PackBits(ReadOnlySpan<byte> packed)
{
    private ReadOnlySpan<byte> _packed = packed;
    private int _literals;
    private int _repeats;
    private byte _repeated;

    private readonly bool IsInsideOfPacket => _literals > 0 || _repeats > 0;

    /// <summary>Nothing is left but padding to an even length, or bytes that code nothing.</summary>
    public readonly bool IsSpent => !IsInsideOfPacket && (_packed.Length <= 2 || !_packed.ContainsAnyExcept((byte)0, unchecked((byte)sbyte.MinValue)));

    public bool TryFill(scoped Span<byte> target)
    {
        while (target.Length > 0)
        {
            if (_repeats > 0)
            {
                var count = Math.Min(_repeats, target.Length);
                target[..count].Fill(_repeated);
                _repeats -= count;
                target = target[count..];
            }
            else if (_literals > 0)
            {
                var count = Math.Min(_literals, target.Length);
                if (_packed.Length < count)
                {
                    return false;
                }

                _packed[..count].CopyTo(target);
                _packed = _packed[count..];
                _literals -= count;
                target = target[count..];
            }
            else if (!TryStartPacket())
            {
                return false;
            }
        }

        return true;
    }

    private bool TryStartPacket()
    {
        if (_packed.Length < 2)
        {
            return false;
        }

        var control = (sbyte)_packed[0];
        if (control == sbyte.MinValue)
        {
            _packed = _packed[1..];
            return true;
        }

        if (control >= 0)
        {
            _literals = control + 1;
            _packed = _packed[1..];
            return true;
        }

        _repeats = 1 - control;
        _repeated = _packed[1];
        _packed = _packed[2..];
        return true;
    }
}
