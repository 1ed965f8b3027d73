using HemoApi.Imaging;
using HemoApi.Jobs;
using HemoApi.Models;
using HemoApi.Results;
using HemoApi.Storage;
using HemoApi.Studies;

namespace HemoApi.Hosting;

/// <summary>One fault of each code as the service words it, for the API document.</summary>
internal static class ProblemExamples
{
    private static readonly Dictionary<string, Fault> Faults = new Fault[]
    {
        IntakeFaults.Empty(),
        IntakeFaults.Truncated("The archive has no end of central directory record: it is cut off."),
        IntakeFaults.NotZip("The upload does not start like a zip archive."),
        new(FaultCodes.RequestInvalid, "limit must be from 1 to 200.", "Read further pages with nextCursor."),
        new(FaultCodes.AuthInvalid, "The request carries no API key or token.", "Send a valid API key in the X-Api-Key header."),
        new(FaultCodes.AuthScope, "These credentials lack the scope studies:write.", "Use a key or token that has the scope studies:write."),
        LoginFaults.TooMany,
        StudyFaults.NotFound,
        new(FaultCodes.IdempotencyInProgress, "The first request with this Idempotency-Key has not been answered yet.", "Wait for its answer, then send the same request again to read it once more."),
        new(FaultCodes.JobNotReady, "The study's job is running.", $"Wait for it with GET /api/v1/jobs/{ApiExamples.JobId}?waitSeconds=60."),
        JobFaults.CannotCancel(JobStatus.Succeeded),
        StudyFaults.Gone,
        Changes.ListChanges.Expired,
        IntakeFaults.TooLarge(2L << 30),
        IntakeFaults.Media("The Content-Type is text/plain."),
        IntakeFaults.Unsafe("Entry 3 of the archive has a path that leads out of it."),
        IntakeFaults.Encrypted(1),
        new(FaultCodes.ZipCorrupt, "Entry 12 of the archive does not have its CRC-32.", IntakeFaults.ZipAgain),
        new(FaultCodes.DicomNone, "None of the 4 entries of the archive is a DICOM image.", "Send the DICOM files of one CT study, as the scanner or the PACS exports them."),
        new(FaultCodes.DicomMalformed, "The DICOM file is malformed: an element is longer than the file at byte 812, attribute (0018,0050).", "Export the study again from the PACS or the scanner; if the file stays the same, send the series without it."),
        new(FaultCodes.DicomTransferSyntax, "The images are compressed as JPEG 2000 Lossless, which can't be decoded here.", "Export the study as Explicit VR Little Endian, or convert it first, e.g. with gdcmconv --raw."),
        new(FaultCodes.DicomPolyglot, "The file is DICOM and a Windows program at once: its 128-byte preamble starts like one.", "Have the file's origin checked for malware; a clean export has a preamble of zeros."),
        new(FaultCodes.SeriesNotCt, "The upload has no CT images, only MR.", "Send a non-contrast head CT."),
        new(FaultCodes.SeriesNoneEligible, "The upload has no CT series that can be measured: Only localizers.", "Send an axial head CT series of at least 10 slices, as the scanner reconstructed it."),
        new(FaultCodes.StudyMixed, "The upload holds images of 2 patients (different Patient IDs).", "Send each patient's study in an upload of its own."),
        new(FaultCodes.GeometryDuplicatePosition, "Two different images of the series lie at the same place, z = 30 mm.", "Send one acquisition or reconstruction of the head only."),
        new(FaultCodes.GeometryMissingSlice, "A slice is missing between z = 30 and 40 mm: the gap is 10 mm where 5 mm are expected.", "Export the series again with all of its slices."),
        new(FaultCodes.GeometryUnevenSpacing, "The distances between the slices follow no rule: 9 of 29 are irregular, 2.5 to 11 mm.", "Send one acquisition of the head, with all of its slices."),
        new(FaultCodes.GeometryInconsistentOrientation, "The slices of the series are not parallel.", "Send one axial acquisition of the head."),
        new(FaultCodes.IdempotencyMismatch, "This Idempotency-Key was used for another upload or other options.", "Use a new key for each study; send the same key only to repeat the same request."),
        ModelFaults.Unknown,
        ComparisonFaults.ModelDiffers,
        ComparisonFaults.PatientDiffers,
        ComparisonFaults.PatientUnknown,
        new(FaultCodes.ReferenceExists, "The study has a reference of reader r1 already.", "Delete it first to replace it, or send this one under another reader."),
        Queries.QueryFaults.Exists,
        new(FaultCodes.EvaluationNotReady, "The evaluation is running.", "Ask again with ?waitSeconds=60 until its status is succeeded."),
        new(FaultCodes.NiftiInvalid, "The file is no valid NIfTI-1: it ends before its last voxel.", "Save the mask again from the program that it was drawn with, and send the whole file."),
        new(FaultCodes.NiftiUnsupported, "The NIfTI file can't be taken: it holds several volumes.", "Save the mask as one NIfTI-1 file (.nii or .nii.gz) of one three-dimensional label map."),
        new(FaultCodes.ReferenceLabels, "The mask has a voxel of 7, which is no label.", "Label voxels 0 none, 1 ICH, 2 EDH, 3 SDH; or name the one type of a mask with ?type=, and give whole numbers of 0 and more."),
        new(FaultCodes.ReferenceGridMismatch, "The mask has 256 × 256 × 30 voxels, the series 512 × 512 × 30.", "Draw or export the mask on the grid of the study's image.nii.gz; its axes may be permuted and flipped, but masks are never resampled."),
        new(FaultCodes.EvaluationEmpty, "None of the 3 studies has that reference.", "Upload references with POST /api/v1/studies/{id}/references first."),
        new(FaultCodes.WebhookTarget, "The address leads into a network that is not public.", "Give an address that can be reached from the internet, or have its network allowed by Webhooks:AllowedNetworks."),
        new(FaultCodes.WebhookLimit, "The tenant has 20 webhooks, which is all that it may have.", "Delete one that is no longer needed."),
        new(FaultCodes.QuotaExceeded, "The tenant may send 1000 studies an hour, and has.", "Send the upload again after the time that Retry-After names, when the first study of this hour no longer counts."),
        new(FaultCodes.QueueFull, "As many studies of all tenants wait as the service takes.", "Send the upload again after the time that Retry-After names; nothing is wrong with it."),
        ExceptionProblems.Internal,
        StorageFaults.Missing,
        new(FaultCodes.DependencyUnavailable, "Not ready: database.", "Try again later; whoever runs the service finds the cause in its log."),
        StorageFull.Fault,
    }.ToDictionary(f => f.Code);

    public static Fault Of(string code) => Faults[code];
}
