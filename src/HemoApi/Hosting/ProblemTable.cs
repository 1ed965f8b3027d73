using System.Collections.Frozen;
using HemoApi.Imaging;

namespace HemoApi.Hosting;

/// <summary>The one table from fault codes to HTTP: what a caller sees of each.</summary>
public static class ProblemTable
{
    public sealed record Row(int Status, string Title);

    private static readonly FrozenDictionary<string, Row> Rows = new Dictionary<string, Row>
    {
        [FaultCodes.UploadEmpty] = new(400, "The upload is empty"),
        [FaultCodes.UploadTruncated] = new(400, "The upload broke off"),
        [FaultCodes.ZipInvalid] = new(400, "The upload is not a zip file"),
        [FaultCodes.RequestInvalid] = new(400, "The request is not valid"),
        [FaultCodes.AuthInvalid] = new(401, "No valid credentials"),
        [FaultCodes.AuthScope] = new(403, "Not allowed with these credentials"),
        [FaultCodes.NotFound] = new(404, "Not found"),
        [FaultCodes.IdempotencyInProgress] = new(409, "The first request with this key is still in progress"),
        [FaultCodes.JobNotReady] = new(409, "There are no results yet"),
        [FaultCodes.JobState] = new(409, "The job is in the wrong state for this"),
        [FaultCodes.ComparisonModelDiffers] = new(409, "The studies were measured by different models"),
        [FaultCodes.ReferenceExists] = new(409, "There is a reference of this reader already"),
        [FaultCodes.QueryExists] = new(409, "There is a saved query of this name already"),
        [FaultCodes.EvaluationNotReady] = new(409, "The evaluation has no results yet"),
        [FaultCodes.WebhookLimit] = new(409, "The tenant has as many webhooks as it may"),
        [FaultCodes.Gone] = new(410, "Deleted"),
        [FaultCodes.ChangesExpired] = new(410, "The cursor is older than the changes that are kept"),
        [FaultCodes.UploadTooLarge] = new(413, "The upload is too large"),
        [FaultCodes.MediaUnsupported] = new(415, "The media type is not supported"),
        [FaultCodes.ZipUnsafe] = new(422, "The zip file is not safe to open"),
        [FaultCodes.ZipEncrypted] = new(422, "The zip file is encrypted"),
        [FaultCodes.ZipCorrupt] = new(422, "The zip file is corrupt"),
        [FaultCodes.DicomNone] = new(422, "There is no DICOM file in the upload"),
        [FaultCodes.DicomMalformed] = new(422, "The DICOM files can't be read"),
        [FaultCodes.DicomTransferSyntax] = new(422, "The transfer syntax is not supported"),
        [FaultCodes.DicomPolyglot] = new(422, "A DICOM file is another kind of file too"),
        [FaultCodes.SeriesNotCt] = new(422, "The series is not CT"),
        [FaultCodes.SeriesNoneEligible] = new(422, "No series can be measured"),
        [FaultCodes.StudyMixed] = new(422, "The upload mixes several patients"),
        [FaultCodes.GeometryDuplicatePosition] = new(422, "Two slices lie at the same position"),
        [FaultCodes.GeometryMissingSlice] = new(422, "A slice is missing"),
        [FaultCodes.GeometryUnevenSpacing] = new(422, "The slices are too unevenly spaced"),
        [FaultCodes.GeometryInconsistentOrientation] = new(422, "The slices are not parallel or differ in size"),
        [FaultCodes.IdempotencyMismatch] = new(422, "The key was used for another request"),
        [FaultCodes.ModelUnknown] = new(422, "There is no such model"),
        [FaultCodes.ComparisonPatientDiffers] = new(422, "The studies are of different patients"),
        [FaultCodes.ComparisonPatientUnknown] = new(422, "A study does not say whose it is"),
        [FaultCodes.NiftiInvalid] = new(422, "The NIfTI file can't be read"),
        [FaultCodes.NiftiUnsupported] = new(422, "The NIfTI file is of a kind that is not supported"),
        [FaultCodes.ReferenceLabels] = new(422, "The mask has values that are no labels"),
        [FaultCodes.ReferenceGridMismatch] = new(422, "The mask is not on the grid of the study"),
        [FaultCodes.EvaluationEmpty] = new(422, "There is nothing to evaluate"),
        [FaultCodes.WebhookTarget] = new(422, "The address is not one that this service calls"),
        [FaultCodes.AuthTooManyFailures] = new(429, "Too many failed logins"),
        [FaultCodes.QuotaExceeded] = new(429, "The quota is used up"),
        [FaultCodes.Internal] = new(500, "Internal error"),
        [FaultCodes.StorageMissing] = new(500, "A stored file is missing"),
        [FaultCodes.QueueFull] = new(503, "The queue is full"),
        [FaultCodes.DependencyUnavailable] = new(503, "A service that HemoApi depends on is not available"),
        [FaultCodes.StorageFull] = new(507, "The storage is full"),
    }.ToFrozenDictionary();

    /// <summary>Every code that an HTTP answer can carry, in the order of its status.</summary>
    public static IEnumerable<KeyValuePair<string, Row>> All => Rows.OrderBy(r => r.Value.Status).ThenBy(r => r.Key, StringComparer.Ordinal);

    /// <exception cref="ArgumentException">The code is not one for HTTP answers: a job error, or not in the contract.</exception>
    public static Row Of(string code) => Rows.TryGetValue(code, out var row)
        ? row
        : throw new ArgumentException($"no HTTP status for code {code}", nameof(code));
}
