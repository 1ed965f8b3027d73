using HemoApi.Imaging;
using HemoApi.Imaging.Dicom;
using HemoApi.Storage;

namespace HemoApi.Studies;

/// <summary>What a caller asks of an upload, beside its bytes; valid by construction.</summary>
public sealed record UploadStudyOptions
{
    public const int MaxSiteLength = 64;

    private const int MaxKeyLength = 255;

    private UploadStudyOptions()
    {
    }

    public JobPriority Priority { get; private init; }

    /// <summary>Null is the service's default model.</summary>
    public string? ModelId { get; private init; }

    public SeriesChoice Series { get; private init; }

    /// <summary>Null where the caller does not say.</summary>
    public string? Site { get; private init; }

    public bool IsDryRun { get; private init; }

    public string? IdempotencyKey { get; private init; }

    /// <returns>The options, or request.invalid that names the parameter.</returns>
    public static Outcome<UploadStudyOptions> Of(
        string? priority, string? model, string? seriesInstanceUid, int? seriesIndex, string? site, bool? dryRun, string? idempotencyKey)
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

        if (site is not null && (site.Length is 0 or > MaxSiteLength || !char.IsLetterOrDigit(site[0]) || site.Any(c => !char.IsLetterOrDigit(c) && c is not (' ' or '.' or '_' or '-'))))
        {
            return Invalid(
                "The site is empty, too long, or holds other characters than letters, digits, spaces, dots, dashes and underscores.",
                $"Send a short name of 1 to {MaxSiteLength} such characters that begins with a letter or digit, or leave it out.");
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
            Site = site,
            IsDryRun = dryRun ?? false,
            IdempotencyKey = idempotencyKey,
        };
    }

    private static Fault Invalid(string detail, string remedy) => new(FaultCodes.RequestInvalid, detail, remedy);
}
