using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Jobs;
using HemoApi.Models;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HemoApi.Studies;

/// <summary>Takes a zip of DICOM files: to disk, examined, stored, queued. What is refused leaves nothing behind.</summary>
public sealed class UploadStudy(
    HemoDatabase database,
    Caller caller,
    UploadQuotas quotas,
    BlobOutage outage,
    UploadStream stream,
    StudyCopy copy,
    UploadStudyStore store,
    ModelHost models,
    JobTransitions transitions,
    JobQueue queue,
    TimeProvider time,
    IOptions<IntakeOptions> limits,
    ILogger<UploadStudy> log)
{
    /// <summary>Every code that an upload can be refused with, beside 401, 403 and 500.</summary>
    public static string[] Codes { get; } =
    [
        FaultCodes.UploadEmpty, FaultCodes.UploadTruncated, FaultCodes.ZipInvalid, FaultCodes.RequestInvalid,
        FaultCodes.IdempotencyInProgress, FaultCodes.UploadTooLarge, FaultCodes.MediaUnsupported,
        FaultCodes.ZipUnsafe, FaultCodes.ZipEncrypted, FaultCodes.ZipCorrupt,
        FaultCodes.DicomNone, FaultCodes.DicomMalformed, FaultCodes.DicomTransferSyntax, FaultCodes.DicomPolyglot,
        FaultCodes.SeriesNotCt, FaultCodes.SeriesNoneEligible, FaultCodes.StudyMixed,
        FaultCodes.GeometryDuplicatePosition, FaultCodes.GeometryMissingSlice, FaultCodes.GeometryUnevenSpacing,
        FaultCodes.GeometryInconsistentOrientation, FaultCodes.IdempotencyMismatch, FaultCodes.ModelUnknown,
        FaultCodes.QuotaExceeded, FaultCodes.QueueFull, FaultCodes.DependencyUnavailable, FaultCodes.StorageFull,
    ];

    /// <param name="priority">routine (default) or stat. A stat repeat of an upload whose job waits as routine makes that job stat.</param>
    /// <param name="model">Id of a model; the default model where absent.</param>
    /// <param name="seriesInstanceUid">The series to measure; chosen by the service where absent.</param>
    /// <param name="seriesIndex">The series to measure by its place, from 0, in the ranked list that a dry run answers with.</param>
    /// <param name="site">Where it was scanned, for filters and groups of the analytics: a short name, 1 to 64 letters, digits, spaces, dots, dashes and underscores. Never
    /// patient data. A repeat keeps the first one.</param>
    /// <param name="dryRun">Only examine, keep nothing, answer 200.</param>
    /// <param name="idempotencyKey">Repeats of a request under the same key within 24 hours get the same study and job.</param>
    public static async Task<Results<Accepted<UploadStudyDocument>, Ok<UploadStudyDocument>, Problem>> Handle(
        [FromQuery] string? priority,
        [FromQuery] string? model,
        [FromQuery] string? seriesInstanceUid,
        [FromQuery] int? seriesIndex,
        [FromQuery] string? site,
        [FromQuery] bool? dryRun,
        [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey,
        HttpRequest request,
        UploadStudy upload,
        CancellationToken cancellationToken)
    {
        if (!UploadStudyOptions.Of(priority, model, seriesInstanceUid, seriesIndex, site, dryRun, idempotencyKey).TryGet(out var options, out var fault)
            || !(await upload.Run(request, options, cancellationToken)).TryGet(out var document, out fault))
        {
            return fault.ToProblem();
        }

        return document.JobId is { } jobId
            ? TypedResults.Accepted(JobLinks.JobPath(jobId), document)
            : TypedResults.Ok(document);
    }

    private async Task<Outcome<UploadStudyDocument>> Run(HttpRequest request, UploadStudyOptions options, CancellationToken cancellationToken)
    {
        if (models.Registry.Find(options.ModelId) is null)
        {
            return ModelFaults.Unknown;
        }

        if (options.IsDryRun)
        {
            return await Receive(request, options, key: null, cancellationToken);
        }

        if (options.IdempotencyKey is null)
        {
            return await CheckAndReceive(request, options, key: null, cancellationToken);
        }

        if (!(await UploadStudyKey.Begin(database, caller, time, log, options.IdempotencyKey, cancellationToken)).TryGet(out var key, out var fault))
        {
            return fault;
        }

        await using (key)
        {
            return key.AnsweredJobId is null
                ? await CheckAndReceive(request, options, key, cancellationToken)
                : await Receive(request, options, key, cancellationToken);
        }
    }

    /// <summary>Before the body, so that an upload for which there is no room costs neither side anything.</summary>
    private async Task<Outcome<UploadStudyDocument>> CheckAndReceive(
        HttpRequest request, UploadStudyOptions options, UploadStudyKey? key, CancellationToken cancellationToken)
    {
        if (await quotas.Check(caller, options.Priority, request.ContentLength ?? 0, cancellationToken) is { } fault)
        {
            return fault;
        }

        return await outage.IsOn(cancellationToken) ? ExceptionProblems.Away : await Receive(request, options, key, cancellationToken);
    }

    private async Task<Outcome<UploadStudyDocument>> Receive(
        HttpRequest request, UploadStudyOptions options, UploadStudyKey? key, CancellationToken cancellationToken)
    {
        if (!(await stream.Receive(request, cancellationToken)).TryGet(out var file, out var fault))
        {
            return fault;
        }

        using (file)
        {
            var fingerprint = UploadStudyStore.Fingerprint(file.Sha256, options);
            if (key?.Check(fingerprint) is { } mismatch)
            {
                return mismatch;
            }

            if (!ZipIntake.Examine(file.Handle, limits.Value, options.Series, cancellationToken).TryGet(out var intake, out fault))
            {
                return fault;
            }

            return options.IsDryRun
                ? UploadStudyDocument.OfDryRun(intake)
                : await Keep(file, intake, fingerprint, options, key, cancellationToken);
        }
    }

    private async Task<Outcome<UploadStudyDocument>> Keep(
        UploadStreamFile file, Intake intake, string fingerprint, UploadStudyOptions options, UploadStudyKey? key, CancellationToken cancellationToken)
    {
        if (!(await FindOrStore(file, intake, fingerprint, options, key, cancellationToken)).TryGet(out var stored, out var fault))
        {
            return fault;
        }

        if (stored.IsNew)
        {
            queue.Enqueue(stored.Job.Id, stored.Job.Priority);
        }
        else if (options.Priority == JobPriority.Stat && await transitions.Expedite(stored.Job.Id))
        {
            // Its entry in the routine queue stays and does nothing: only a queued job starts.
            queue.Enqueue(stored.Job.Id, JobPriority.Stat);
        }

        if (key is { AnsweredJobId: null })
        {
            await key.Complete(fingerprint, stored.Job);
        }

        return UploadStudyDocument.Of(stored.Job, deduplicated: !stored.IsNew, intake);
    }

    private async Task<Outcome<StoredJob>> FindOrStore(
        UploadStreamFile file, Intake intake, string fingerprint, UploadStudyOptions options, UploadStudyKey? key, CancellationToken cancellationToken)
    {
        if (key?.AnsweredJobId is not { } answered)
        {
            return await Store(file, intake, fingerprint, options, cancellationToken);
        }

        await using var db = database.Open(caller);
        return await db.Jobs.AsNoTracking().SingleOrDefaultAsync(j => j.Id == answered && j.Study!.Status == StudyStatus.Stored, cancellationToken)
            is { } job
            ? new StoredJob(job, IsNew: false)
            : StudyFaults.Gone;
    }

    private async Task<Outcome<StoredJob>> Store(
        UploadStreamFile file, Intake intake, string fingerprint, UploadStudyOptions options, CancellationToken cancellationToken)
    {
        // A repeat needs no copy.
        if (await store.Find(caller, fingerprint, cancellationToken) is { } job)
        {
            return new StoredJob(job, IsNew: false);
        }

        if (!copy.Make(file, intake, options.Series, caller.TenantId, cancellationToken).TryGet(out var kept, out var fault))
        {
            return fault;
        }

        using (kept)
        {
            return await store.Store(caller, kept, fingerprint, options, cancellationToken);
        }
    }
}
