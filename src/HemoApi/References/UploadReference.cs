using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Imaging.Evaluation;
using HemoApi.Imaging.Import;
using HemoApi.Imaging.Masks;
using HemoApi.Results;
using HemoApi.Storage;
using HemoApi.Studies;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace HemoApi.References;

/// <summary>Takes a reader's mask of a study that was measured. What is refused leaves nothing behind.</summary>
public sealed class UploadReference(LocalBlobStore blobs, UploadStream stream, ReferenceStore store, TimeProvider time)
{
    /// <summary>Every code that a reference can be refused with, beside 401, 403 and 500.</summary>
    public static string[] Codes { get; } =
    [
        FaultCodes.UploadEmpty, FaultCodes.UploadTruncated, FaultCodes.RequestInvalid, FaultCodes.NotFound,
        FaultCodes.JobNotReady, FaultCodes.ReferenceExists, FaultCodes.Gone, FaultCodes.UploadTooLarge, FaultCodes.MediaUnsupported,
        FaultCodes.NiftiInvalid, FaultCodes.NiftiUnsupported, FaultCodes.ReferenceLabels, FaultCodes.ReferenceGridMismatch,
        FaultCodes.StorageFull,
    ];

    public static string[] MediaTypes { get; } = ["application/gzip", "application/x-gzip", "application/x-nifti", "application/octet-stream"];

    /// <param name="reader">Code of who drew the mask, 1 to 64 letters, digits, dots, hyphens and underscores; `reference` where absent.</param>
    /// <param name="type">ICH, EDH or SDH: the mask is of this type alone, wherever it is not 0. Where absent, its labels say the type: 0 none, 1 ICH, 2 EDH, 3 SDH.</param>
    public static async Task<Results<Created<ReferenceDocument>, Problem>> Handle(
        Guid id, [FromQuery] string? reader, [FromQuery] string? type, HttpRequest request, HemoDbContext db, UploadReference upload, CancellationToken cancellationToken)
    {
        if (!ReferenceOptions.Of(reader, type).TryGet(out var options, out var fault))
        {
            return fault.ToProblem();
        }

        // Before the body, so that no one sends a mask for a study that is not there.
        var (result, problem) = await ResultReader.Read(db, id, cancellationToken);
        if (result is null)
        {
            return problem!;
        }

        if (!(await upload.Run(result, options, request, cancellationToken)).TryGet(out var reference, out fault))
        {
            return fault.ToProblem();
        }

        var document = ReferenceDocument.Of(reference);
        return TypedResults.Created(document.Links.Self, document);
    }

    private async Task<Outcome<ReferenceMask>> Run(StudyResult result, ReferenceOptions options, HttpRequest request, CancellationToken cancellationToken)
    {
        if (!(await stream.Receive(request, cancellationToken, MediaTypes)).TryGet(out var file, out var fault))
        {
            return ReferenceFaults.OfBody(fault);
        }

        using (file)
        {
            var grid = await StudyGrid.Read(blobs, result.JobId, cancellationToken);
            using var content = new FileStream(file.Handle, FileAccess.Read, 1 << 16, isAsync: true);
            content.Position = 0;
            if (!NiftiLabelReader.Read(content, grid.Geometry, options.OnlyType, cancellationToken).TryGet(out var mask, out fault))
            {
                return fault;
            }

            // Once begun it must not stop half way because the caller hangs up.
            return await store.Add(Row(result, options, mask), mask);
        }
    }

    private ReferenceMask Row(StudyResult result, ReferenceOptions options, LabelVolume mask)
    {
        var volumes = MaskAgreement.Compare(mask, mask).ToDictionary(a => a.Type, a => a.VolumeMl);
        return new ReferenceMask
        {
            TenantId = result.TenantId,
            StudyId = result.StudyId,
            Reader = options.Reader,
            Format = "nifti",
            Status = ResultStatus.Pending,
            IchMl = volumes[HemorrhageType.Ich],
            EdhMl = volumes[HemorrhageType.Edh],
            SdhMl = volumes[HemorrhageType.Sdh],
            CreatedAt = time.GetUtcNow(),
        };
    }
}
