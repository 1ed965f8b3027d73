using HemoApi.Imaging;

namespace HemoApi.Studies;

/// <summary>The refusals of an upload that are decided before any DICOM is read. Names of entries stay out of them.</summary>
internal static class IntakeFaults
{
    public const string ZipAgain = "Make the archive again from the DICOM files alone and send it again.";

    private const string SendAgain = "Send the whole file again; compare its size and SHA-256 with the original if this repeats.";

    public static Fault Empty() => new(
        FaultCodes.UploadEmpty, "The request has no body.", "Send a zip of DICOM files as the body, e.g. curl --data-binary @study.zip.");

    public static Fault Truncated(string detail) => new(FaultCodes.UploadTruncated, detail, SendAgain);

    public static Fault TooLarge(long limitBytes) => new(
        FaultCodes.UploadTooLarge,
        $"The upload is larger than the {limitBytes} bytes that this server takes.",
        "Send one study at a time, or have Intake:MaxUploadBytes raised.");

    public static Fault Media(string detail) => new(
        FaultCodes.MediaUnsupported, detail, "Send the zip as application/zip, or as the one file of multipart/form-data.");

    public static Fault Encoded() => new(
        FaultCodes.MediaUnsupported, "The request has a Content-Encoding.", "Send the zip as it is, without Content-Encoding.");

    public static Fault Form(string detail) => new(
        FaultCodes.RequestInvalid, detail, "Send exactly one file in the form; options go into the query string.");

    public static Fault NotZip(string detail) => new(FaultCodes.ZipInvalid, detail, ZipAgain);

    public static Fault Unsafe(string detail, string remedy = ZipAgain) => new(FaultCodes.ZipUnsafe, detail, remedy);

    public static Fault Encrypted(int entry) => new(
        FaultCodes.ZipEncrypted,
        $"Entry {entry} of the archive is encrypted.",
        "Make the archive without a password; the connection to the server already protects it.");

    public static Fault NoSeriesAt(int index, int count) => new(
        FaultCodes.SeriesNoneEligible,
        $"The upload has no series of index {index}; it has {count}, counted from 0.",
        "Send the upload with ?dryRun=true and take an index from the list of series that it answers with.");
}
