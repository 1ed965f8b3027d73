namespace HemoApi.Imaging.Dicom;

/// <summary>Which pixel data (PS3.3 C.7.6.3) can be turned into one stored value a voxel.</summary>
internal static class PixelFormat
{
    /// <summary>Ultra-high-resolution CT has 2048; the limit bounds what a forged header can ask for.</summary>
    public const int MaximumSide = 4096;

    public const string Monochrome1 = "MONOCHROME1";

    /// <summary>What stands in the way, as the rest of a sentence that starts with "its images"; null where nothing does.
    /// Says nothing about the transfer syntax.</summary>
    public static string? Problem(DicomInstance image)
    {
        if (!image.HasPixelData)
        {
            return "have no pixel data";
        }

        if (image.NumberOfFrames < 1)
        {
            return "have no frames";
        }

        if (image.NumberOfFrames > 1 && image.FrameNumber is null)
        {
            return "have several frames each, and no functional groups that say where each of them lies";
        }

        if (image.SamplesPerPixel != 1)
        {
            return "are in colour";
        }

        // Both are legal for CT (PS3.3 C.8.2.1.1.2) and say the same of HU: MONOCHROME1 turns the display around, after the rescale
        // (C.7.6.3.1.2), and never the values.
        if (image.PhotometricInterpretation is not (Monochrome1 or "MONOCHROME2"))
        {
            return "have another photometric interpretation than MONOCHROME1 and MONOCHROME2";
        }

        if (image.Rows is < 1 or > MaximumSide || image.Columns is < 1 or > MaximumSide)
        {
            return $"are not between 1 and {MaximumSide} pixels wide and high";
        }

        if (image.BitsAllocated is not (8 or 16))
        {
            return "have neither 8 nor 16 bits a pixel";
        }

        return image.BitsStored >= 1 && image.HighBit < image.BitsAllocated && image.HighBit + 1 >= image.BitsStored
            ? null
            : "state stored bits that do not fit a pixel";
    }
}
