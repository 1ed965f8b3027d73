using System.Buffers;
using System.IO.Compression;
using System.IO.Hashing;
using HemoApi.Imaging.Dicom;
using Microsoft.Win32.SafeHandles;

namespace HemoApi.Studies;

/// <summary>The expanded bytes of one entry, forward only and read once: counted, hashed and cut off where a limit is passed.
/// Damage ends the stream early and shows in <see cref="IsDamaged"/>, so that a reader of the content needs no handling of zip errors.</summary>
internal sealed class ZipIntakeContent : Stream
{
    /// <summary>Enough for the magic number of every archive format, tar's at 257 included, and of DICOM at 128.</summary>
    public const int HeadBytes = 512;

    private readonly Stream _inner;
    private readonly ZipIntakeEntry _entry;
    private readonly long _maxBytes;
    private readonly ExpansionBudget _budget;
    private readonly Crc32 _crc = new();
    private readonly byte[] _head = new byte[HeadBytes];
    private long _count;

    public ZipIntakeContent(SafeFileHandle file, ZipIntakeEntry entry, long maxBytes, ExpansionBudget budget)
    {
        var raw = new ZipIntakeWindow(file, entry.DataOffset, entry.DataOffset + entry.CompressedBytes);
        _inner = entry.Method == ZipIntakeEntry.Stored ? raw : new DeflateStream(raw, CompressionMode.Decompress);
        _entry = entry;
        _maxBytes = maxBytes;
        _budget = budget;
    }

    /// <summary>The compressed data cannot be decoded.</summary>
    public bool IsUndecodable { get; private set; }

    /// <summary>The entry is larger than one entry may be, or the archive than it may expand to.</summary>
    public bool IsOverLimit => _budget.IsExceeded || _count > _maxBytes;

    /// <summary>The bytes are not those that were packed. Call after <see cref="Drain"/>.</summary>
    public bool IsDamaged => IsUndecodable || _crc.GetCurrentHashAsUInt32() != _entry.Crc32;

    /// <summary>The bytes are those that were packed but their number was changed in the headers: a lie, not damage.</summary>
    public bool IsForged => !IsDamaged && _count != _entry.Bytes;

    public ReadOnlySpan<byte> Head => _head.AsSpan(0, (int)Math.Min(_count, HeadBytes));

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads what is left, so that the whole entry was checked.</summary>
    public void Drain(CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            while (Read(buffer) > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public override int Read(Span<byte> buffer)
    {
        if (IsUndecodable || IsOverLimit)
        {
            return 0;
        }

        int read;
        try
        {
            read = _inner.Read(buffer);
        }
        catch (InvalidDataException)
        {
            IsUndecodable = true;
            return 0;
        }

        var bytes = buffer[..read];
        if (_count < HeadBytes)
        {
            bytes[..(int)Math.Min(read, HeadBytes - _count)].CopyTo(_head.AsSpan((int)_count));
        }

        _crc.Append(bytes);
        _count += read;
        return _budget.Spend(read) && _count <= _maxBytes ? read : 0;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
