using System.IO.Compression;

namespace HemoApi.Imaging.Dicom;

/// <summary>Inflates the rest of a file (PS3.5 A.5: deflate without a zlib header) and refuses a bomb.</summary>
internal sealed class BoundedInflateStream : Stream
{
    /// <summary>A 4096 × 4096 image of 16 bits is 32 MiB.</summary>
    public const long MaximumExpandedBytes = 64L << 20;

    /// <summary>Deflate can reach 1032. Up to <see cref="FreeExpandedBytes"/> any ratio passes: an empty slice compresses that well.</summary>
    public const long MaximumRatio = 250;

    public const long FreeExpandedBytes = 4L << 20;

    private readonly ByteSource _source;
    private readonly ExpansionBudget? _budget;
    private readonly long _start;
    private readonly DeflateStream _inflate;
    private long _expanded;

    /// <param name="budget">Of everything that is expanded together with this file; null where the file is alone.</param>
    public BoundedInflateStream(ByteSource source, ExpansionBudget? budget)
    {
        _source = source;
        _budget = budget;
        _start = source.Offset;
        _inflate = new DeflateStream(new Remainder(source), CompressionMode.Decompress);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _expanded;
        set => throw new NotSupportedException();
    }

    /// <exception cref="InvalidDataException">The data are damaged or expand beyond the limits.</exception>
    public override int Read(Span<byte> buffer)
    {
        var read = _inflate.Read(buffer);
        _expanded += read;
        if (_budget?.Spend(read) == false
            || _expanded > MaximumExpandedBytes
            || (_expanded > FreeExpandedBytes && _expanded > (_source.Offset - _start) * MaximumRatio))
        {
            throw new InvalidDataException("deflated data expand beyond the limits");
        }

        return read;
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
        _inflate.Dispose();
        base.Dispose(disposing);
    }

    private sealed class Remainder(ByteSource source) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => source.Offset;
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer) => source.Read(buffer);

        public override int Read(byte[] buffer, int offset, int count) => source.Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
