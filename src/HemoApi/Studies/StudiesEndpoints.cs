using HemoApi.Audit;
using HemoApi.Hosting;
using HemoApi.Imaging;

namespace HemoApi.Studies;

public static class StudiesEndpoints
{
    public static void MapStudies(this IEndpointRouteBuilder routes)
    {
        var studies = routes.MapGroup("/studies").WithTags("Studies");

        studies.MapPost("", UploadStudy.Handle)
            .Describe("uploadStudy", "Upload a study", "A zip of the DICOM files of one CT study, as the body or as the one file of a form. Answers once the study is stored and its job is queued; the same bytes again give the same study and job.")
            .Audited("study.upload", "priority", "model", "site", "dryRun")
            .Accepts<Stream>("application/zip", "application/x-zip-compressed", "application/octet-stream", "multipart/form-data")
            .Needs(Scopes.StudiesWrite)
            .Refuses(UploadStudy.Codes);

        studies.MapGet("", ListStudies.Handle)
            .Describe("listStudies", "List studies", "The tenant's studies, newest first, a page at a time.")
            .Audited("study.list", "from", "to", "hemorrhageType", "minVolumeMl")
            .Needs(Scopes.StudiesRead)
            .Refuses(FaultCodes.RequestInvalid);

        studies.MapGet("/{id:guid}", GetStudy.Handle)
            .Describe("getStudy", "Get a study", "The study as received: files with their verdicts, series, its latest job.")
            .Audited("study.read")
            .Needs(Scopes.StudiesRead)
            .Refuses(FaultCodes.NotFound, FaultCodes.Gone);

        studies.MapDelete("/{id:guid}", DeleteStudy.Handle)
            .Describe("deleteStudy", "Delete a study", "Deletes the upload, the results and all patient data; stops a running job first. The id then answers 410.")
            .Audited("study.delete")
            .Needs(Scopes.StudiesWrite)
            .Refuses(FaultCodes.NotFound, FaultCodes.Gone);
    }
}
