using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace HemoApi.Imaging.Dicom;

/// <summary>Tells copies of an image from different images at one place. Opens only the files that it is asked about.</summary>
/// <param name="open">Opens a file by <see cref="DicomInstance.FileName"/>; the stream is closed here.</param>
public sealed class PixelFingerprints(Func<string, Stream> open)
{
    /// <summary>Beyond it images count as different: an upload of nothing but copies must not hold up its request.</summary>
    private const long MaximumPixels = 1L << 30;

    private readonly Dictionary<string, string?> _known = new(StringComparer.Ordinal);
    private long _pixels;

    /// <summary>Equal for two images of the same HU; of images compressed by other means than RLE, for the same compressed bytes; of
    /// the same frame of two multi-frame files, for the same files. Null where it can't be known.</summary>
    internal string? Of(DicomInstance image)
    {
        if (!_known.TryGetValue(image.FileName, out var fingerprint))
        {
            _pixels += (long)image.Rows * image.Columns * image.NumberOfFrames;
            fingerprint = _pixels > MaximumPixels ? null : image.FrameNumber is null ? OfPixels(image) : OfFile(image);
            _known.Add(image.FileName, fingerprint);
        }

        return fingerprint is null ? null : $"{fingerprint} {image.FrameNumber}";
    }

    private string OfFile(DicomInstance image)
    {
        using var stream = open(image.FileName);
        return Convert.ToHexString(SHA256.HashData(stream));
    }

    private string? OfPixels(DicomInstance image)
    {
        using var stream = open(image.FileName);
        if (!DicomFile.Open(stream).TryGet(out var file, out _))
        {
            return null;
        }

        using (file)
        {
            var rule = Rescale.Rule(image, file.Header);
            return file.PixelData is not { } pixelData || PixelDecoder.CheckLength(file.Syntax, pixelData, image) is not null ? null
                : file.Syntax.Codec is PixelCodec.Native or PixelCodec.Rle ? OfHounsfield(file, pixelData, image, rule)
                : OfFragments(file, pixelData, image, $"{file.Syntax.Uid} {rule}");
        }
    }

    private static string? OfHounsfield(DicomFile file, ElementHead pixelData, DicomInstance image, HounsfieldRule rule)
    {
        var hounsfield = new short[image.Rows * image.Columns];
        using var decoder = new PixelDecoder(file, pixelData, image);
        return decoder.Decode(image, new HounsfieldTable(rule), hounsfield) is null
            ? Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes<short>(hounsfield)))
            : null;
    }

    private static string? OfFragments(DicomFile file, ElementHead pixelData, DicomInstance image, string coding)
    {
        using var frames = new EncapsulatedFrames(file.Elements, pixelData, file.Syntax, image, file.Header.ExtendedOffsets);
        return frames.Read().TryGet(out var frame, out _)
            ? Convert.ToHexString(SHA256.HashData((byte[])[.. Encoding.UTF8.GetBytes(coding), .. frame.Span]))
            : null;
    }
}
