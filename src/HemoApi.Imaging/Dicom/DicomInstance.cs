using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Dicom;

/// <summary>The header of one DICOM image, as far as HemoApi uses it: of a file, or of one frame of a multi-frame CT. Optional
/// attributes are null where absent or unreadable.</summary>
public sealed record DicomInstance
{
    /// <summary>Name of the file in the upload. May hold patient data: never log it.</summary>
    public required string FileName { get; init; }

    public required string TransferSyntaxUid { get; init; }

    public required string SopClassUid { get; init; }

    public required string SopInstanceUid { get; init; }

    public required string StudyInstanceUid { get; init; }

    public required string SeriesInstanceUid { get; init; }

    public string? Modality { get; init; }

    /// <summary>(0010,0020). Patient data: never log it.</summary>
    public string? PatientId { get; init; }

    /// <summary>(0008,0020), (0008,0030); the time zone of the scanner is unknown.</summary>
    public DateTime? StudyDateTime { get; init; }

    public string? SeriesDescription { get; init; }

    /// <summary>(0018,0015)</summary>
    public string? BodyPartExamined { get; init; }

    /// <summary>(0020,0013): says nothing of where the image lies.</summary>
    public int? InstanceNumber { get; init; }

    /// <summary>(0008,0008), or (0008,9007) of a frame.</summary>
    public IReadOnlyList<string> ImageType { get; init; } = [];

    /// <summary>(0008,9207): how a frame was computed from others; NONE where it was not.</summary>
    public string? VolumeBasedCalculation { get; init; }

    public string? ConvolutionKernel { get; init; }

    /// <summary>(0018,0010) or (0018,0012) names an agent (not empty, not a word for none), and the frame does not deny that it was given.</summary>
    public bool HasContrastAgent { get; init; }

    public string? FrameOfReferenceUid { get; init; }

    /// <summary>(0020,0012), or (0020,9156) of a frame.</summary>
    public int? AcquisitionNumber { get; init; }

    /// <summary>(0020,0100), or (0020,9128) of a frame: which of several scans of one place in time.</summary>
    public int? TemporalPosition { get; init; }

    /// <summary>The file has (7FE0,0010).</summary>
    public bool HasPixelData { get; init; } = true;

    public int NumberOfFrames { get; init; } = 1;

    /// <summary>Which frame of its file this is, from 1; null for a whole file.</summary>
    public int? FrameNumber { get; init; }

    /// <summary>Of the file of a multi-frame CT: each frame as an image of its own, with what its functional groups say of it
    /// (PS3.3 C.7.6.16). Empty for a frame and for every other file.</summary>
    public IReadOnlyList<DicomInstance> Frames { get; init; } = [];

    public int Rows { get; init; }

    public int Columns { get; init; }

    public int SamplesPerPixel { get; init; } = 1;

    public string? PhotometricInterpretation { get; init; }

    public int BitsAllocated { get; init; }

    public int BitsStored { get; init; }

    public int HighBit { get; init; }

    /// <summary>PixelRepresentation (0028,0103) is 1: two's complement.</summary>
    public bool IsSigned { get; init; }

    public double? RescaleSlope { get; init; }

    public double? RescaleIntercept { get; init; }

    public string? RescaleType { get; init; }

    /// <summary>LossyImageCompression (0028,2110) is 01, now or at any time before, or the transfer syntax is lossy.</summary>
    public bool IsLossy { get; init; }

    public Vector3D? ImagePositionLpsMm { get; init; }

    public Vector3D? RowDirection { get; init; }

    public Vector3D? ColumnDirection { get; init; }

    public double? RowSpacingMm { get; init; }

    public double? ColumnSpacingMm { get; init; }

    public double? SliceThicknessMm { get; init; }

    /// <summary>What can be slices: the frames of a multi-frame CT, or the image itself.</summary>
    internal IReadOnlyList<DicomInstance> Images => Frames.Count > 0 ? Frames : [this];
}
