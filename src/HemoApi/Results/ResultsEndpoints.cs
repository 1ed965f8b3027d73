using HemoApi.Audit;
using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Jobs;

namespace HemoApi.Results;

public static class ResultsEndpoints
{
    public static void AddResults(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ResultStore>();
        builder.Services.AddSingleton<StudySegmenter>();
        builder.Services.AddSingleton<ResultModelFill>();
        builder.Services.AddSingleton<StoredMasks>();
        builder.Services.AddSingleton<ComparedStudies>();
        builder.Services.AddSingleton<HeadAligner>();
        builder.Services.AddSingleton<SegmentStudy>(services => services.GetRequiredService<StudySegmenter>().Run);
    }

    public static void MapResults(this IEndpointRouteBuilder routes)
    {
        var results = routes.MapGroup("/studies/{id:guid}/results").WithTags("Results");

        results.MapGet("", GetResults.Handle)
            .Describe("getResults", "Get results", "Volumes, lesions, geometry, model and warnings of the study's latest finished job.")
            .Audited("results.read")
            .Produces<ResultsDocument>()
            .Needs(Scopes.StudiesRead)
            .Refuses(FaultCodes.NotFound, FaultCodes.JobNotReady, FaultCodes.Gone);

        routes.MapPost("/ich-score", ScoreIch.Handle).WithTags("Results")
            .Describe("scoreIch", "Compute an ICH score", "The ICH score of the caller's findings and the study's measured intracerebral volume. What is missing leaves it `incomplete`; nothing is guessed and nothing is stored.")
            .Audited("results.score")
            .Needs(Scopes.StudiesRead)
            .Refuses(FaultCodes.RequestInvalid, FaultCodes.MediaUnsupported, FaultCodes.NotFound, FaultCodes.JobNotReady, FaultCodes.Gone);

        routes.MapGet("/studies/{id:guid}/comparison", CompareStudies.Handle).WithTags("Results")
            .Describe("compareStudies", "Compare with an earlier study", "Growth since an earlier study of the same patient, measured by the same model: by type with the published definitions of expansion, against the measurements' own uncertainty, and lesion by lesion where the two skulls can be brought together. Nothing is stored.")
            .Audited("study.compare", "baseline")
            .Needs(Scopes.StudiesRead)
            .Refuses(CompareStudies.Codes);

        results.MapGet("/mask.nii.gz", GetNifti.Mask)
            .Describe("getMask", "Download the mask", "NIfTI-1, one byte a voxel: 0 none, 1 ICH, 2 EDH, 3 SDH. A tilted or unevenly spaced stack keeps its grid, unless `grid=orthogonal` asks for a right-angled one. Supports `If-None-Match` and `Range`.")
            .Audited("mask.download", "grid")
            .ProducesNifti()
            .Needs(Scopes.StudiesRead)
            .Refuses(FaultCodes.RequestInvalid, FaultCodes.NotFound, FaultCodes.JobNotReady, FaultCodes.Gone);

        results.MapGet("/image.nii.gz", GetNifti.Image)
            .Describe("getImage", "Download the image", "NIfTI-1 in Hounsfield units, on the grid of the mask. A tilted or unevenly spaced stack keeps its grid, unless `grid=orthogonal` asks for a right-angled one. Supports `If-None-Match` and `Range`.")
            .Audited("image.download", "grid")
            .ProducesNifti()
            .Needs(Scopes.StudiesRead)
            .Refuses(FaultCodes.RequestInvalid, FaultCodes.NotFound, FaultCodes.JobNotReady, FaultCodes.Gone);
    }
}
