using HemoApi.Imaging;
using HemoApi.Imaging.Dicom;
using HemoApi.Storage;

namespace HemoApi.Studies;

/// <summary>What a caller asks of an upload, beside its bytes; valid by construction.</summary>
public sealed record UploadStudyOptions
{
    private const int MaxKeyLength = 255;

    private UploadStudyOptions()
    {
    }

    public JobPriority Priority { get; private init; }

    /// <summary>Null is the service's default model.</summary>
    public string? ModelId { get; private init; }

    public SeriesChoice Series { get; private init; }

    public bool IsDryRun { get; private init; }

    public string? IdempotencyKey { get; private init; }

    /// <returns>The options, or request.invalid that names the parameter.</returns>
    public static Outcome<UploadStudyOptions> Of(
        string? priority, string? model, string? seriesInstanceUid, int? seriesIndex, bool? dryRun, string? idempotencyKey)
    {
        if (priority is not (null or "routine" or "stat"))
        {
            return Invalid("The priority is neither routine nor stat.", "Send ?priority=routine or ?priority=stat, or leave it out.");
        }

        if (model is "")
        {
            return Invalid("The model is empty.", "Name a model that GET /api/v1/models lists, or leave it out.");
        }

        if (seriesInstanceUid is not null && !DicomUid.IsValid(seriesInstanceUid))
        {
            return Invalid("The seriesInstanceUid is not a DICOM UID.", "Send the SeriesInstanceUID (0020,000E) of a series of the upload, or leave it out.");
        }

        if (seriesIndex < 0 || (seriesIndex is not null && seriesInstanceUid is not null))
        {
            return Invalid(
                "The seriesIndex is negative, or comes with a seriesInstanceUid.",
                "Name the series by one of the two, or by none to have the best one chosen; indices count from 0.");
        }

        if (idempotencyKey is not null && (idempotencyKey.Length is 0 or > MaxKeyLength || idempotencyKey.Any(c => c is < '!' or > '~')))
        {
            return Invalid(
                "The Idempotency-Key is empty, too long, or holds other characters than printable ASCII.",
                $"Send a key of 1 to {MaxKeyLength} printable ASCII characters without spaces, e.g. a UUID.");
        }

        return new UploadStudyOptions
        {
            Priority = priority == "stat" ? JobPriority.Stat : JobPriority.Routine,
            ModelId = model,
            Series = new SeriesChoice(seriesInstanceUid, seriesIndex),
            IsDryRun = dryRun ?? false,
            IdempotencyKey = idempotencyKey,
        };
    }

    private static Fault Invalid(string detail, string remedy) => new(FaultCodes.RequestInvalid, detail, remedy);
}
