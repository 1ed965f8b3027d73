using HemoApi.Imaging.Dicom;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Dicom;

/// <summary>Headers made in code, for tests of series and geometry that need no pixels.</summary>
internal static class CtHeaders
{
    public static DicomInstance Slice(double z, string series = "1.1", int number = 0) => At(new Vector3D(-120, -130, z), series, number);

    public static DicomInstance At(Vector3D position, string series = "1.1", int number = 0) => new()
    {
        FileName = FormattableString.Invariant($"{series}/{number}/{position}"),
        TransferSyntaxUid = TransferSyntax.ExplicitLittleEndian.Uid,
        SopClassUid = SopClasses.CtImageStorage,
        SopInstanceUid = DicomUid.FromSeed(FormattableString.Invariant($"{series} {number} {position}")),
        StudyInstanceUid = "1.0",
        SeriesInstanceUid = series,
        Modality = "CT",
        PatientId = "A",
        ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"],
        ConvolutionKernel = "STANDARD",
        FrameOfReferenceUid = "1.9",
        Rows = 512,
        Columns = 512,
        PhotometricInterpretation = "MONOCHROME2",
        BitsAllocated = 16,
        BitsStored = 12,
        HighBit = 11,
        RescaleSlope = 1,
        RescaleIntercept = -1024,
        ImagePositionLpsMm = position,
        RowDirection = new(1, 0, 0),
        ColumnDirection = new(0, 1, 0),
        RowSpacingMm = 0.48,
        ColumnSpacingMm = 0.48,
        SliceThicknessMm = 5,
    };

    /// <summary>Contiguous slices from z = 0 upwards.</summary>
    public static DicomInstance[] Stack(int count = 30, double spacingMm = 5, string series = "1.1") =>
        [.. Enumerable.Range(0, count).Select(k => Slice(k * spacingMm, series) with { SliceThicknessMm = spacingMm })];

    public static DicomInstance[] Each(this IEnumerable<DicomInstance> instances, Func<DicomInstance, DicomInstance> change) => [.. instances.Select(change)];

    public static SeriesPlan Plan(params IEnumerable<DicomInstance> instances) => SeriesCatalogue.Plan([.. instances], null).Value;

    public static Fault Refusal(params IEnumerable<DicomInstance> instances)
    {
        var outcome = SeriesCatalogue.Plan([.. instances], null);
        Assert.NotNull(outcome.Fault);
        return outcome.Fault;
    }

    public static IEnumerable<string> Codes(this SeriesPlan plan) => plan.Warnings.Select(w => w.Code);
}
