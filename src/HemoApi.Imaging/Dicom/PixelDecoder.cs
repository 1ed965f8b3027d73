namespace HemoApi.Imaging.Dicom;

/// <summary>Turns the pixel data of a file into HU, frame by frame in their order, so that no more than one frame is in memory.</summary>
internal sealed class PixelDecoder : IDisposable
{
    private readonly DicomFile _file;
    private readonly ElementHead _pixelData;
    private readonly NativeFrames? _native;
    private readonly EncapsulatedFrames? _encapsulated;
    private int _frameNumber = 1;

    /// <param name="file">Read up to its pixel data, of a format and syntax that can be decoded.</param>
    /// <param name="image">Any of its frames.</param>
    public PixelDecoder(DicomFile file, ElementHead pixelData, DicomInstance image)
    {
        (_file, _pixelData) = (file, pixelData);
        if (file.Syntax.IsEncapsulated)
        {
            _encapsulated = new EncapsulatedFrames(file.Elements, pixelData, file.Syntax, image, file.Header.ExtendedOffsets);
        }
        else
        {
            _native = new NativeFrames(file, pixelData);
        }
    }

    public void Dispose() => _encapsulated?.Dispose();

    /// <param name="image">The image of the file, or a frame behind the one of the last call.</param>
    /// <param name="hounsfield">Rows × columns.</param>
    public Fault? Decode(DicomInstance image, HounsfieldTable table, Span<short> hounsfield)
    {
        var fault = CheckLength(_file.Syntax, _pixelData, image);
        for (; fault is null && _frameNumber < (image.FrameNumber ?? 1); _frameNumber++)
        {
            fault = _native is null ? _encapsulated!.Skip() : _native.Skip(hounsfield.Length * (image.BitsAllocated / 8));
        }

        _frameNumber++;
        return fault ?? (_native is null ? DecodeCompressed(image, table, hounsfield) : _native.Decode(table, hounsfield));
    }

    private Fault? DecodeCompressed(DicomInstance image, HounsfieldTable table, Span<short> hounsfield)
    {
        if (!_encapsulated!.Read().TryGet(out var frame, out var fault))
        {
            return fault;
        }

        return _file.Syntax.Codec switch
        {
            PixelCodec.Rle => RleDecoder.Decode(frame.Span, _pixelData, table, hounsfield),
            PixelCodec.Jpeg => JpegFrameDecoder.Decode(frame, _file.Syntax, image, table, hounsfield),
            PixelCodec.Gdcm => GdcmConverter.Decode(frame, _file.Syntax, image, table, hounsfield),
            _ => DicomFaults.UnsupportedTransferSyntax(_file.Syntax),
        };
    }

    /// <summary>Native pixel data have exactly the length that the header gives them, and the padding byte if that is odd;
    /// longer ones mean that the header describes other pixels. Encapsulated ones have no length (PS3.5 A.4).</summary>
    public static Fault? CheckLength(TransferSyntax syntax, ElementHead pixelData, DicomInstance image)
    {
        if (syntax.IsEncapsulated != pixelData.HasUndefinedLength)
        {
            return DicomFaults.Malformed(
                $"pixel data are {(syntax.IsEncapsulated ? "not in fragments" : "in fragments")}, against the transfer syntax {syntax.Name}",
                pixelData.Tag,
                pixelData.Offset);
        }

        var expected = (long)image.Rows * image.Columns * (image.BitsAllocated / 8) * image.NumberOfFrames;
        return syntax.IsEncapsulated || pixelData.Length == expected || pixelData.Length == expected + (expected % 2)
            ? null
            : DicomFaults.Malformed(
                $"pixel data have {pixelData.Length} bytes, and {image.Columns} × {image.Rows} pixels of {image.BitsAllocated} bits{(image.NumberOfFrames == 1 ? "" : $" in {image.NumberOfFrames} frames")} are {expected}",
                pixelData.Tag,
                pixelData.Offset);
    }

    /// <summary>Sees that all of the pixel data are there, without decoding them.</summary>
    public static Fault? Check(DicomFile file, ElementHead pixelData, DicomInstance image)
    {
        if (CheckLength(file.Syntax, pixelData, image) is { } fault)
        {
            return fault;
        }

        if (!file.Syntax.IsEncapsulated || file.Syntax.Codec == PixelCodec.None)
        {
            return file.Elements.SkipPixelData(pixelData);
        }

        using var frames = new EncapsulatedFrames(file.Elements, pixelData, file.Syntax, image, file.Header.ExtendedOffsets);
        return frames.SkipAll();
    }
}
