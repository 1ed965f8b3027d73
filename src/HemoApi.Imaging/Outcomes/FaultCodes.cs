namespace HemoApi.Imaging;

/// <summary>The stable codes of refusals and job errors. They are part of the HTTP contract: add, never change.</summary>
public static class FaultCodes
{
    public const string UploadEmpty = "upload.empty";
    public const string UploadTruncated = "upload.truncated";
    public const string UploadTooLarge = "upload.too_large";
    public const string MediaUnsupported = "media.unsupported";

    public const string ZipInvalid = "zip.invalid";
    public const string ZipUnsafe = "zip.unsafe";
    public const string ZipEncrypted = "zip.encrypted";
    public const string ZipCorrupt = "zip.corrupt";

    public const string DicomNone = "dicom.none";
    public const string DicomMalformed = "dicom.malformed";
    public const string DicomTransferSyntax = "dicom.transfer_syntax";
    public const string DicomPolyglot = "dicom.polyglot";

    public const string SeriesNotCt = "series.not_ct";
    public const string SeriesNoneEligible = "series.none_eligible";
    public const string StudyMixed = "study.mixed";

    public const string GeometryDuplicatePosition = "geometry.duplicate_position";
    public const string GeometryMissingSlice = "geometry.missing_slice";
    public const string GeometryUnevenSpacing = "geometry.uneven_spacing";
    public const string GeometryInconsistentOrientation = "geometry.inconsistent_orientation";

    /// <summary>A stored file is not where it was put.</summary>
    public const string StorageMissing = "storage.missing";

    public const string ModelUnknown = "model.unknown";
    public const string ModelIntegrity = "model.integrity";
    public const string InferenceOutOfMemory = "inference.out_of_memory";
    public const string InferenceInvalidOutput = "inference.invalid_output";

    public const string JobDeadLettered = "job.dead_lettered";
    public const string JobTimeout = "job.timeout";
    public const string JobNotReady = "job.not_ready";
    public const string JobState = "job.state";

    public const string ComparisonPatientDiffers = "comparison.patient_differs";
    public const string ComparisonPatientUnknown = "comparison.patient_unknown";
    public const string ComparisonModelDiffers = "comparison.model_differs";
    public const string NiftiInvalid = "nifti.invalid";
    public const string NiftiUnsupported = "nifti.unsupported";
    public const string ReferenceLabels = "reference.labels";
    public const string ReferenceGridMismatch = "reference.grid_mismatch";
    public const string ReferenceExists = "reference.exists";
    public const string EvaluationEmpty = "evaluation.empty";
    public const string EvaluationNotReady = "evaluation.not_ready";
    public const string QueryExists = "query.exists";

    public const string RequestInvalid = "request.invalid";
    public const string AuthInvalid = "auth.invalid";
    public const string AuthScope = "auth.scope";
    public const string AuthTooManyFailures = "auth.too_many_failures";
    public const string NotFound = "not_found";
    public const string Gone = "gone";
    public const string ChangesExpired = "changes.expired";
    public const string IdempotencyInProgress = "idempotency.in_progress";
    public const string IdempotencyMismatch = "idempotency.mismatch";
    public const string QuotaExceeded = "quota.exceeded";
    public const string QueueFull = "queue.full";
    public const string WebhookTarget = "webhook.target";
    public const string WebhookLimit = "webhook.limit";
    public const string DependencyUnavailable = "dependency.unavailable";
    public const string StorageFull = "storage.full";
    public const string Internal = "internal";
}

/// <summary>The stable codes of warnings in a result.</summary>
public static class WarningCodes
{
    public const string GantryTilt = "geometry.gantry_tilt";
    public const string UnevenSpacing = "geometry.uneven_spacing";
    public const string ThicknessDiffersFromSpacing = "geometry.thickness_differs_from_spacing";
    public const string Contrast = "series.contrast";
    public const string BoneKernel = "series.bone_kernel";
    public const string LossyCompression = "series.lossy_compression";
    public const string Photometric = "series.photometric_interpretation";
    public const string BodyPart = "series.body_part";
    public const string Incomplete = "series.incomplete";
    public const string FilesSkipped = "series.files_skipped";
    public const string FindingsLeftOut = "findings.left_out";
    public const string LesionTouchesBorder = "lesion.touches_border";
    public const string OutsideTrainingRange = "model.outside_training_range";
    public const string ProviderFallback = "engine.provider_fallback";
    public const string ComparisonTimeUnknown = "comparison.time_unknown";
    public const string ComparisonDatesShifted = "comparison.dates_shifted";
    public const string ComparisonOrder = "comparison.baseline_is_later";
    public const string ComparisonThickness = "comparison.thickness_differs";
    public const string ComparisonSpacing = "comparison.spacing_differs";
    public const string ComparisonTilt = "comparison.gantry_tilt_differs";
    public const string ComparisonKernel = "comparison.kernel_differs";
    public const string ComparisonKernelUnknown = "comparison.kernel_unknown";
    public const string ComparisonRegistration = "comparison.registration_unreliable";
    public const string ComparisonBorder = "comparison.lesion_touches_border";
    public const string ComparisonUncertainty = "comparison.uncertainty_unknown";
    public const string EvaluationReferenceMissing = "evaluation.reference_missing";
}
