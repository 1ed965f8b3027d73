using HemoApi.Audit;
using HemoApi.Hosting;
using HemoApi.Imaging;

namespace HemoApi.References;

public static class ReferencesEndpoints
{
    public static void AddReferences(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ReferenceStore>();
        builder.Services.AddScoped<UploadReference>();
    }

    public static void MapReferences(this IEndpointRouteBuilder routes)
    {
        var references = routes.MapGroup("/studies/{id:guid}/references").WithTags("References");

        references.MapPost("", UploadReference.Handle)
            .Describe("uploadReference", "Upload a reference mask", "A reader's mask of a study that was measured, as NIfTI-1 (.nii or .nii.gz) on the grid of the study's `image.nii.gz`, or as a binary DICOM Segmentation of its images, to 0.1 mm. Axes may be permuted and flipped; masks are never resampled.")
            .Audited("reference.upload", "reader", "type")
            .Accepts<Stream>(UploadReference.MediaTypes[0], [.. UploadReference.MediaTypes[1..], "multipart/form-data"])
            .Needs(Scopes.EvaluationsWrite)
            .Refuses(UploadReference.Codes);

        references.MapGet("", ListReferences.Handle)
            .Describe("listReferences", "List reference masks", "The masks that readers have drawn of the study, by reader.")
            .Audited("reference.list")
            .Needs(Scopes.StudiesRead)
            .Refuses(FaultCodes.NotFound, FaultCodes.Gone);

        references.MapGet("/{referenceId:guid}", GetReference.Handle)
            .Describe("getReference", "Get a reference mask's volumes", "Who drew it, and its volumes by type.")
            .Audited("reference.read")
            .Needs(Scopes.StudiesRead)
            .Refuses(FaultCodes.NotFound, FaultCodes.Gone);

        references.MapGet("/{referenceId:guid}/mask.nii.gz", GetReferenceMask.One)
            .Describe("getReferenceMask", "Download a reference mask", "NIfTI-1 on the grid of the study's own mask: 0 none, 1 ICH, 2 EDH, 3 SDH. Supports `If-None-Match` and `Range`.")
            .Audited("reference.download")
            .ProducesNifti()
            .Needs(Scopes.StudiesRead)
            .Refuses(FaultCodes.NotFound, FaultCodes.Gone);

        references.MapGet("/consensus.nii.gz", GetReferenceMask.Consensus)
            .Describe("getConsensus", "Download the readers' consensus", "One mask from those of all readers, by majority or STAPLE, as NIfTI-1 on the grid of the study's own mask. Supports `If-None-Match` and `Range`.")
            .Audited("consensus.download", "method")
            .ProducesNifti()
            .Needs(Scopes.StudiesRead)
            .Refuses(FaultCodes.RequestInvalid, FaultCodes.NotFound, FaultCodes.JobNotReady, FaultCodes.EvaluationEmpty, FaultCodes.Gone);

        references.MapDelete("/{referenceId:guid}", DeleteReference.Handle)
            .Describe("deleteReference", "Delete a reference mask", "Deletes one reader's mask. Evaluations that used it keep their figures.")
            .Audited("reference.delete")
            .Needs(Scopes.EvaluationsWrite)
            .Refuses(FaultCodes.NotFound, FaultCodes.Gone);
    }
}
