using HemoApi.Imaging;

namespace HemoApi.Hosting;

/// <summary>Problems for what the framework refuses before any of our code runs.</summary>
public static class Refusals
{
    public static Problem OfStatus(int status) => status switch
    {
        StatusCodes.Status404NotFound => new Fault(
            FaultCodes.NotFound,
            "There is nothing at this path.",
            "Compare the path with /openapi/v1.yaml; ids are UUIDs.").ToProblem(),
        StatusCodes.Status405MethodNotAllowed => new Problem(
            new Fault(FaultCodes.RequestInvalid, "This path does not take this method.", "Use a method that the Allow header names."),
            status: status),
        StatusCodes.Status413PayloadTooLarge => new Fault(
            FaultCodes.UploadTooLarge,
            "The body is larger than this service takes.",
            "Send a smaller body, or ask whoever runs the service to raise the limit.").ToProblem(),
        StatusCodes.Status415UnsupportedMediaType => new Fault(
            FaultCodes.MediaUnsupported,
            "The body's Content-Type is not one that this path takes.",
            "Send one of the media types that /openapi/v1.yaml names for this path.").ToProblem(),
        StatusCodes.Status416RangeNotSatisfiable => new Problem(
            new Fault(FaultCodes.RequestInvalid, "The range lies beyond the end of the file.", "Ask for a range within the length that Content-Range names."),
            status: status),
        _ => new Fault(
            FaultCodes.RequestInvalid,
            "A parameter, header or the body of the request has the wrong form.",
            "Compare the request with /openapi/v1.yaml.").ToProblem(),
    };
}
