namespace HemoApi.Imaging.Dicom;

/// <summary>The refusals of the reader. None names a file or holds a value from one.</summary>
internal static class DicomFaults
{
    public static Fault Malformed(string problem, DicomTag tag, long offset) => Malformed($"{problem} at byte {offset}, attribute {tag}");

    public static Fault Malformed(string problem) => new(
        FaultCodes.DicomMalformed,
        $"The DICOM file is malformed: {problem}.",
        "Export the study again from the PACS or the scanner; if the file stays the same, send the series without it.");

    public static Fault None(string problem) => new(
        FaultCodes.DicomNone,
        problem,
        "Send the DICOM files of a CT study.");

    public static Fault MediumIndex() => None("The file is the index of a medium (DICOMDIR), not an image.");

    public static Fault Polyglot(string kind) => new(
        FaultCodes.DicomPolyglot,
        $"The file is DICOM and {kind} at once: its 128-byte preamble starts like one.",
        "Have the file's origin checked for malware; a clean export has a preamble of zeros.");

    public static Fault UnknownTransferSyntax() => new(
        FaultCodes.DicomTransferSyntax,
        "The file's transfer syntax is not in the DICOM standard.",
        "Export the study as Explicit VR Little Endian.");

    public static Fault UnsupportedTransferSyntax(TransferSyntax syntax) => new(
        FaultCodes.DicomTransferSyntax,
        $"The images are compressed as {syntax.Name}, which can't be decoded here.",
        syntax.Codec == PixelCodec.Gdcm
            ? "Install gdcmconv (Debian: libgdcm-tools) beside the service, or export the study as Explicit VR Little Endian."
            : "Export the study as Explicit VR Little Endian, or convert it first, e.g. with gdcmconv --raw or dcmdjpeg.");
}
