using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Dicom;

/// <summary>The header of one DICOM file, as far as HemoApi uses it. Optional attributes are null where absent or unreadable.</summary>
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

    public IReadOnlyList<string> ImageType { get; init; } = [];

    public string? ConvolutionKernel { get; init; }

    /// <summary>(0018,0010) is present and names an agent (not empty, not a word for none).</summary>
    public bool HasContrastAgent { get; init; }

    public string? FrameOfReferenceUid { get; init; }

    public int? AcquisitionNumber { get; init; }

    /// <summary>The file has (7FE0,0010).</summary>
    public bool HasPixelData { get; init; } = true;

    public int NumberOfFrames { get; init; } = 1;

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
}
