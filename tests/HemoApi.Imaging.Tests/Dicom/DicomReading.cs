using HemoApi.Imaging.Dicom;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Dicom;

/// <summary>Short ways for tests through the reader.</summary>
internal static class DicomReading
{
    public static Outcome<DicomInstance> Header(byte[] file) => DicomHeaderReader.Read(new ForwardOnlyStream(file), "a.dcm");

    public static Outcome<DicomInstance> CheckedHeader(byte[] file) => DicomHeaderReader.ReadAndCheckPixelData(new ForwardOnlyStream(file), "a.dcm");

    /// <summary>HU of one file through <see cref="CtVolumeReader"/>, as a volume of one slice.</summary>
    public static Outcome<short[]> Hounsfield(byte[] file)
    {
        if (!Header(file).TryGet(out var image, out var fault))
        {
            return fault;
        }

        if ((PixelFormat.Problem(image) ?? Rescale.Problem(image)) is { } problem)
        {
            return new Fault(FaultCodes.SeriesNoneEligible, problem, "none");
        }

        var geometry = new VolumeGeometry(image.Columns, image.Rows, new(1, 0, 0), new(0, 1, 0), 1, 1, [new(new(0, 0, 0), 1)]);
        var plan = new SeriesPlan(image.SeriesInstanceUid, image.StudyInstanceUid, null, [image], geometry, 0, []);
        return CtVolumeReader.Read(plan, _ => new ForwardOnlyStream(file), null, TestContext.Current.CancellationToken).TryGet(out var volume, out fault)
            ? volume.Hounsfield
            : fault;
    }

    /// <summary>Stored values, clamped to 16 bits, of any one-frame grey image, CT or not; null where its pixel format or syntax can't be decoded.</summary>
    public static Outcome<short[]>? StoredValues(byte[] file)
    {
        if (!DicomFile.Open(new ForwardOnlyStream(file)).TryGet(out var opened, out var fault))
        {
            return fault;
        }

        using (opened)
        {
            if (!DicomHeaderReader.Describe(opened, "a.dcm").TryGet(out var image, out fault))
            {
                return fault;
            }

            if (PixelFormat.Problem(image) is not null || !opened.Syntax.CanDecode)
            {
                return null;
            }

            var values = new short[image.Rows * image.Columns];
            var table = new HounsfieldTable(new(image.BitsAllocated, image.BitsStored, image.HighBit, image.IsSigned, 1, 0, null));
            using var pixels = new PixelDecoder(opened, opened.PixelData!.Value, image);
            fault = pixels.Decode(image, table, values);
            return fault is null ? values : fault;
        }
    }

    public static string Code<T>(this Outcome<T> outcome)
        where T : notnull => outcome.Fault?.Code ?? "none";
}

/// <summary>Can't seek, and hands out bytes in pieces of changing size, as a zip entry may.</summary>
internal sealed class ForwardOnlyStream(byte[] bytes) : Stream
{
    private int _position;
    private int _piece = 1;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        _piece = (_piece * 7) % 4093;
        var count = Math.Min(Math.Min(buffer.Length, _piece), bytes.Length - _position);
        bytes.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
