using HemoApi.Imaging.Dicom;

namespace HemoApi.Imaging.Import;

/// <summary>Frames of one bit a pixel, one after the other without padding between them; the first pixel is the lowest bit (PS3.5 8.1.1).</summary>
internal sealed class BitFrames(ByteSource source, int pixels)
{
    private readonly byte[] _bytes = new byte[(pixels / 8) + 2];
    private int _shift;
    private long _next;

    public bool this[int pixel] => (_bytes[(pixel + _shift) / 8] >> ((pixel + _shift) % 8) & 1) == 1;

    /// <summary>Reads the next frame; false where the data end before that.</summary>
    public bool TryNext()
    {
        // A frame may begin inside of the last byte of the one before.
        var shift = (int)(_next % 8);
        if (shift != 0)
        {
            _bytes[0] = _bytes[(_shift + pixels) / 8];
        }

        _shift = shift;
        _next += pixels;
        var kept = shift == 0 ? 0 : 1;
        return source.TryRead(_bytes.AsSpan(kept, ((shift + pixels + 7) / 8) - kept));
    }
}
