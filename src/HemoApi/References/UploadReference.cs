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
public sealed class UploadReference(IBlobStore blobs, UploadStream stream, ReferenceStore store, TimeProvider time)
{
    /// <summary>Every code that a reference can be refused with, beside 401, 403 and 500.</summary>
    public static string[] Codes { get; } =
    [
        FaultCodes.UploadEmpty, FaultCodes.UploadTruncated, FaultCodes.RequestInvalid, FaultCodes.NotFound,
        FaultCodes.JobNotReady, FaultCodes.ReferenceExists, FaultCodes.Gone, FaultCodes.UploadTooLarge, FaultCodes.MediaUnsupported,
        FaultCodes.DicomMalformed, FaultCodes.DicomTransferSyntax, FaultCodes.DicomPolyglot, FaultCodes.NiftiInvalid, FaultCodes.NiftiUnsupported, FaultCodes.ReferenceLabels, FaultCodes.ReferenceGridMismatch,
        FaultCodes.QuotaExceeded, FaultCodes.StorageFull,
    ];

    public static string[] MediaTypes { get; } = ["application/gzip", "application/x-gzip", "application/x-nifti", "application/dicom", "application/octet-stream"];

    /// <param name="reader">Code of who drew the mask, 1 to 64 letters, digits, dots, hyphens and underscores; `reference` where absent.</param>
    /// <param name="type">ICH, EDH or SDH: the mask is of this type alone, wherever it is not 0. Where absent, its labels say the type (0 none, 1 ICH, 2 EDH, 3 SDH), or the names of its segments.</param>
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
            var isDicom = IsDicom(content);
            content.Position = 0;
            var read = isDicom
                ? SegmentationReader.Read(content, grid.Geometry, options.OnlyType, cancellationToken)
                : NiftiLabelReader.Read(content, grid.Geometry, options.OnlyType, cancellationToken);
            if (!read.TryGet(out var mask, out fault))
            {
                return fault;
            }

            // Once begun it must not stop half way because the caller hangs up.
            return await store.Add(Row(result, options, mask, isDicom ? "dicomSeg" : "nifti"), mask);
        }
    }

    /// <summary>PS3.10 7.1: a preamble of 128 bytes, then DICM.</summary>
    private static bool IsDicom(FileStream content)
    {
        Span<byte> start = stackalloc byte[132];
        content.Position = 0;
        return content.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start[128..].SequenceEqual("DICM"u8);
    }

    private ReferenceMask Row(StudyResult result, ReferenceOptions options, LabelVolume mask, string format)
    {
        var volumes = MaskAgreement.Compare(mask, mask).ToDictionary(a => a.Type, a => a.VolumeMl);
        return new ReferenceMask
        {
            TenantId = result.TenantId,
            StudyId = result.StudyId,
            Reader = options.Reader,
            Format = format,
            Status = ResultStatus.Pending,
            IchMl = volumes[HemorrhageType.Ich],
            EdhMl = volumes[HemorrhageType.Edh],
            SdhMl = volumes[HemorrhageType.Sdh],
            CreatedAt = time.GetUtcNow(),
        };
    }
}
