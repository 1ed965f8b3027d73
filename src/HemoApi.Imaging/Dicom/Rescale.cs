namespace HemoApi.Imaging.Dicom;

/// <summary>The rescale of a CT image (PS3.3 C.8.2.1.1): the only thing that puts its pixels on the Hounsfield scale.</summary>
internal static class Rescale
{
    /// <summary>HU by the standard; many older scanners wrote US (unspecified) for the same.</summary>
    private static readonly string?[] HounsfieldTypes = [null, "HU", "US"];

    /// <summary>What stands in the way, as the rest of a sentence that starts with "its images"; null where nothing does.
    /// Slope and intercept have no default: without them values of −1024 and 0 look alike.</summary>
    public static string? Problem(DicomInstance image)
    {
        if (image.RescaleSlope is not { } slope || image.RescaleIntercept is null)
        {
            return "have no rescale slope and intercept, so that their values are not Hounsfield units";
        }

        if (slope <= 0)
        {
            return "have a rescale slope that is not positive";
        }

        return HounsfieldTypes.Contains(image.RescaleType?.ToUpperInvariant())
            ? null
            : "are rescaled to something else than Hounsfield units";
    }

    /// <param name="image">One without a <see cref="Problem"/>.</param>
    public static HounsfieldRule Rule(DicomInstance image, DicomHeader header)
    {
        (ushort, ushort)? padding = header.Bits16(DicomTags.PixelPaddingValue) is { } first
            ? (first, header.Bits16(DicomTags.PixelPaddingRangeLimit) ?? first)
            : null;
        return new HounsfieldRule(
            image.BitsAllocated,
            image.BitsStored,
            image.HighBit,
            image.IsSigned,
            image.RescaleSlope!.Value,
            image.RescaleIntercept!.Value,
            padding);
    }
}
