using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Dicom;

/// <summary>Whether one image can be a slice of a CT stack of the head. Headers only.</summary>
internal static class ImageEligibility
{
    /// <summary>Angle between slice normal and the patient's long axis. Gantries tilt by up to 30°, and heads are not always
    /// straight in them; coronal and sagittal reformats are at 90°.</summary>
    public const double MaximumAngleToAxialDegrees = 35;

    private const double DirectionTolerance = 1e-3;

    /// <summary>Values of ImageType (PS3.3 C.7.6.1.1.2, C.8.2.1.1.1, C.8.16.1) of images whose pixels are not HU of one plane as it was scanned.</summary>
    private static readonly string[] ProcessedTypes =
    [
        "MIP", "MINIP", "MAXIMUM", "MINIMUM", "PROJECTION", "VOLUME", "VRT", "3D", "MPR", "REFORMATTED", "CPR", "SUBTRACTION",
        "MIXED", "COMPOSED", "PERFUSION", "SCREEN",
    ];

    /// <summary>Values 4 of a frame's type (PS3.3 C.8.16.1.4) that leave HU of one plane.</summary>
    private static readonly string[] UnprocessedPixels = ["NONE", "MEAN", "RESAMPLED", ""];

    private static readonly string[] KnownModalities =
        ["CR", "DX", "MG", "MR", "NM", "OT", "PT", "RF", "RTDOSE", "RTPLAN", "RTSTRUCT", "SC", "SEG", "SR", "US", "XA", "PR", "KO", "DOC"];

    public static bool IsCt(DicomInstance image) =>
        image.Modality == "CT" || image.SopClassUid == SopClasses.CtImageStorage || SopClasses.IsMultiFrameCt(image.SopClassUid);

    /// <summary>The modality, if it is one of the usual ones: the field is free text, and free text may be anything.</summary>
    public static string ModalityName(DicomInstance image) =>
        KnownModalities.Contains(image.Modality) ? image.Modality! : "of another modality";

    /// <summary>What stands in the way, as the rest of a sentence that starts with "its images"; null where nothing does.
    /// Says nothing about the transfer syntax.</summary>
    public static string? Problem(DicomInstance image) =>
        KindProblem(image) ?? PixelFormat.Problem(image) ?? Rescale.Problem(image) ?? GeometryProblem(image);

    /// <summary>As <see cref="Problem"/>, of what the image is a picture of.</summary>
    internal static string? KindProblem(DicomInstance image)
    {
        if (!IsCt(image))
        {
            return $"are {ModalityName(image)}, not CT";
        }

        var isMultiFrame = SopClasses.IsMultiFrameCt(image.SopClassUid);
        if ((image.SopClassUid != SopClasses.CtImageStorage && !isMultiFrame) || image.Modality != "CT")
        {
            return "are not CT images (e.g. screenshots or dose reports)";
        }

        if (isMultiFrame && image.FrameNumber is null)
        {
            return "have no functional groups that say where each frame lies";
        }

        if (image.ImageType.Contains("LOCALIZER"))
        {
            return "are localizers (scouts)";
        }

        // In value 3 of a frame's type VOLUME only says that the frames are evenly spaced (PS3.3 C.8.16.1.3).
        var isDerived = image.ImageType is ["DERIVED", ..];
        return image.VolumeBasedCalculation is not (null or "NONE")
            || (isMultiFrame && image.ImageType.Count > 3 && !UnprocessedPixels.Contains(image.ImageType[3]))
            || image.ImageType.Where((type, k) => !isMultiFrame || k != 2 || type != "VOLUME").Any(IsProcessed)
            || (isDerived && !image.ImageType.Contains("AXIAL") && !image.ImageType.Contains("PRIMARY"))
            ? "are derived (reformats, projections or the like), not slices as they were scanned"
            : null;
    }

    private static bool IsProcessed(string type) => ProcessedTypes.Any(word => type.Contains(word, StringComparison.Ordinal));

    private static string? GeometryProblem(DicomInstance image)
    {
        if (image.ImagePositionLpsMm is null || image.RowDirection is not { } row || image.ColumnDirection is not { } column)
        {
            return "do not say where they lie in the patient";
        }

        if (!IsUnit(row) || !IsUnit(column) || !(Math.Abs(row.Dot(column)) <= DirectionTolerance))
        {
            return "have row and column directions that are not orthogonal unit vectors";
        }

        if (!(image.RowSpacingMm > 0) || !(image.ColumnSpacingMm > 0))
        {
            return "have no pixel spacing";
        }

        var cosine = Math.Abs(row.Cross(column).Normalized().Z);
        return cosine >= Math.Cos(MaximumAngleToAxialDegrees * Math.PI / 180)
            ? null
            : "are not axial (coronal, sagittal or oblique)";
    }

    private static bool IsUnit(Vector3D direction) => Math.Abs(direction.Length - 1) <= DirectionTolerance;
}
