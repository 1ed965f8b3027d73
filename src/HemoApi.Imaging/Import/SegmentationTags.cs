using HemoApi.Imaging.Dicom;

namespace HemoApi.Imaging.Import;

/// <summary>Attributes of a DICOM segmentation (PS3.3 A.51, C.8.20), by their keywords in PS3.6.</summary>
internal static class SegmentationTags
{
    public const string SegmentationStorage = "1.2.840.10008.5.1.4.1.1.66.4";

    public static readonly DicomTag SegmentationType = new(0x0062, 0x0001);
    public static readonly DicomTag SegmentSequence = new(0x0062, 0x0002);
    public static readonly DicomTag SegmentNumber = new(0x0062, 0x0004);
    public static readonly DicomTag SegmentLabel = new(0x0062, 0x0005);
    public static readonly DicomTag SegmentIdentificationSequence = new(0x0062, 0x000A);
    public static readonly DicomTag ReferencedSegmentNumber = new(0x0062, 0x000B);
    public static readonly DicomTag SegmentedPropertyTypeCodeSequence = new(0x0062, 0x000F);
}
