using System.Globalization;

namespace HemoApi.Imaging.Dicom;

/// <summary>Reads what HemoApi needs to know of a DICOM file before it decodes any pixel.</summary>
public static class DicomHeaderReader
{
    private static readonly DicomTag[] IntegersThatMustBeReadable =
    [
        DicomTags.SamplesPerPixel, DicomTags.NumberOfFrames, DicomTags.Rows, DicomTags.Columns, DicomTags.BitsAllocated,
        DicomTags.BitsStored, DicomTags.HighBit, DicomTags.PixelRepresentation,
    ];

    /// <summary>What technologists enter for "none".</summary>
    private static readonly string[] NoContrast = ["NONE", "NO", "N", "WITHOUT", "0"];

    private static readonly string[] DateFormats = ["yyyyMMdd", "yyyy.MM.dd"];

    private static readonly string[] TimeFormats = ["HHmmss", "HHmm", "HH", "HH:mm:ss"];

    /// <summary>The header. Stops before the pixel data; time and memory are bounded whatever the bytes are.</summary>
    /// <param name="stream">Read forward only; stays open.</param>
    /// <param name="fileName">Goes into <see cref="DicomInstance.FileName"/>, nowhere else.</param>
    /// <returns><see cref="FaultCodes.DicomNone"/>: not a DICOM object, or the index of a medium (DICOMDIR).
    /// <see cref="FaultCodes.DicomMalformed"/>, <see cref="FaultCodes.DicomPolyglot"/> or
    /// <see cref="FaultCodes.DicomTransferSyntax"/> (one outside of the standard): DICOM, but not usable.</returns>
    public static Outcome<DicomInstance> Read(Stream stream, string fileName)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(fileName);
        if (!DicomFile.Open(stream).TryGet(out var file, out var fault))
        {
            return fault;
        }

        using (file)
        {
            return Describe(file, fileName);
        }
    }

    /// <summary>As <see cref="Read"/>, and then passes over the pixel data to see that all of them are there, so that a
    /// truncated file is found at upload and not in the job. Reads the stream to its end or to the end of the pixel data.</summary>
    /// <param name="budget">What a deflated file expands to is taken off it; where it is exceeded the file counts as malformed. Null
    /// leaves only the limits of one file.</param>
    public static Outcome<DicomInstance> ReadAndCheckPixelData(Stream stream, string fileName, ExpansionBudget? budget = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(fileName);
        if (!DicomFile.Open(stream, budget).TryGet(out var file, out var fault))
        {
            return fault;
        }

        using (file)
        {
            var outcome = Describe(file, fileName);
            if (!outcome.TryGet(out var instance, out _) || file.PixelData is not { } pixelData)
            {
                return outcome;
            }

            fault = instance.Images.All(i => PixelFormat.Problem(i) is null)
                ? PixelDecoder.Check(file, pixelData, instance)
                : file.Elements.SkipPixelData(pixelData);
            return fault is null ? outcome : fault;
        }
    }

    internal static Outcome<DicomInstance> Describe(DicomFile file, string fileName)
    {
        var header = file.Header;
        var sopClass = header.Text(DicomTags.SopClassUid);
        if (sopClass == SopClasses.MediaStorageDirectoryStorage)
        {
            return DicomFaults.None("The file is the index of a medium (DICOMDIR), not an image.");
        }

        foreach (var tag in (ReadOnlySpan<DicomTag>)[DicomTags.SopClassUid, DicomTags.SopInstanceUid, DicomTags.StudyInstanceUid, DicomTags.SeriesInstanceUid])
        {
            if (!DicomUid.IsValid(header.Text(tag)))
            {
                return DicomFaults.Malformed($"{tag} is no valid UID");
            }
        }

        foreach (var tag in IntegersThatMustBeReadable)
        {
            if (header.Has(tag) && header.Integer(tag) is null)
            {
                return DicomFaults.Malformed($"{tag} holds no whole number");
            }
        }

        // Signed or not decides what every voxel means: there is no default.
        if (file.PixelData is not null && header.Integer(DicomTags.PixelRepresentation) is not (0 or 1))
        {
            return DicomFaults.Malformed($"{DicomTags.PixelRepresentation} does not say whether pixels are signed");
        }

        var image = Describe(header, file, fileName, frameNumber: null);
        if (header.Groups is not { Frames.Count: > 0 } groups)
        {
            return image;
        }

        return groups.Frames.Count == image.NumberOfFrames
            ? image with { Frames = [.. groups.Frames.Select((frame, k) => Describe(frame, file, fileName, k + 1))] }
            : DicomFaults.Malformed($"functional groups describe {groups.Frames.Count} frames, and the header says {image.NumberOfFrames}");
    }

    private static DicomInstance Describe(DicomHeader header, DicomFile file, string fileName, int? frameNumber)
    {
        var spacing = header.Numbers(DicomTags.PixelSpacing) is { Length: 2 } pair ? pair : null;
        return new DicomInstance
        {
            FileName = fileName,
            TransferSyntaxUid = file.Syntax.Uid,
            SopClassUid = header.Text(DicomTags.SopClassUid)!,
            SopInstanceUid = header.Text(DicomTags.SopInstanceUid)!,
            StudyInstanceUid = header.Text(DicomTags.StudyInstanceUid)!,
            SeriesInstanceUid = header.Text(DicomTags.SeriesInstanceUid)!,
            Modality = header.Text(DicomTags.Modality),
            PatientId = header.Text(DicomTags.PatientId),
            StudyDateTime = StudyDateTime(header),
            SeriesDescription = header.Text(DicomTags.SeriesDescription),
            BodyPartExamined = header.Text(DicomTags.BodyPartExamined),
            InstanceNumber = header.Integer(DicomTags.InstanceNumber),
            ImageType = header.Has(DicomTags.FrameType) ? header.Texts(DicomTags.FrameType) : header.Texts(DicomTags.ImageType),
            VolumeBasedCalculation = header.Text(DicomTags.VolumeBasedCalculationTechnique),
            ConvolutionKernel = header.Text(DicomTags.ConvolutionKernel),
            HasContrastAgent = HasContrastAgent(header, file.Header),
            FrameOfReferenceUid = header.Text(DicomTags.FrameOfReferenceUid),
            AcquisitionNumber = header.Integer(DicomTags.FrameAcquisitionNumber) ?? header.Integer(DicomTags.AcquisitionNumber),
            TemporalPosition = header.Integer(DicomTags.TemporalPositionIndex) ?? header.Integer(DicomTags.TemporalPositionIdentifier),
            HasPixelData = file.PixelData is not null,
            NumberOfFrames = header.Integer(DicomTags.NumberOfFrames) ?? 1,
            FrameNumber = frameNumber,
            Rows = header.Integer(DicomTags.Rows) ?? 0,
            Columns = header.Integer(DicomTags.Columns) ?? 0,
            SamplesPerPixel = header.Integer(DicomTags.SamplesPerPixel) ?? 1,
            PhotometricInterpretation = header.Text(DicomTags.PhotometricInterpretation),
            BitsAllocated = header.Integer(DicomTags.BitsAllocated) ?? 0,
            BitsStored = header.Integer(DicomTags.BitsStored) ?? 0,
            HighBit = header.Integer(DicomTags.HighBit) ?? 0,
            IsSigned = header.Integer(DicomTags.PixelRepresentation) == 1,
            RescaleSlope = header.Number(DicomTags.RescaleSlope),
            RescaleIntercept = header.Number(DicomTags.RescaleIntercept),
            RescaleType = header.Text(DicomTags.RescaleType),
            IsLossy = file.Syntax.IsLossy || header.Text(DicomTags.LossyImageCompression) == "01",
            ImagePositionLpsMm = header.Vector(DicomTags.ImagePositionPatient, 0, 3),
            RowDirection = header.Vector(DicomTags.ImageOrientationPatient, 0, 6),
            ColumnDirection = header.Vector(DicomTags.ImageOrientationPatient, 3, 6),
            RowSpacingMm = spacing?[0],
            ColumnSpacingMm = spacing?[1],
            SliceThicknessMm = header.Number(DicomTags.SliceThickness) is > 0 and var thickness ? thickness : null,
        };
    }

    private static bool HasContrastAgent(DicomHeader header, DicomHeader file) =>
        header.Text(DicomTags.ContrastBolusAgentAdministered) != "NO"
        && (file.HasContrastSequence || (header.Text(DicomTags.ContrastBolusAgent) is { } agent && !NoContrast.Contains(agent.ToUpperInvariant())));

    private static DateTime? StudyDateTime(DicomHeader header)
    {
        if (!DateOnly.TryParseExact(header.Text(DicomTags.StudyDate), DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return null;
        }

        var clock = header.Text(DicomTags.StudyTime)?.Split('.')[0];
        return TimeOnly.TryParseExact(clock, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? date.ToDateTime(time)
            : date.ToDateTime(TimeOnly.MinValue);
    }
}
