using HemoApi.Imaging;

namespace HemoApi.References;

public static class ReferenceFaults
{
    public static Fault NotFound { get; } = new(
        FaultCodes.NotFound,
        "The study has no reference of this id.",
        "List the study's references with GET /api/v1/studies/{id}/references.");

    public static Fault Exists(string reader) => new(
        FaultCodes.ReferenceExists,
        $"The study has a reference of reader {reader} already.",
        "Delete it first to replace it, or send this one under another reader.");

    public static Fault NoConsensus(int readers) => new(
        FaultCodes.EvaluationEmpty,
        $"The study has references of {readers} {(readers == 1 ? "reader" : "readers")}; a consensus takes 2 to {Imaging.Evaluation.Consensus.MostReaders}.",
        "Upload the masks of the other readers first.");

    /// <summary>The refusals of a body that is no zip here.</summary>
    public static Fault OfBody(Fault fault) => fault.Code switch
    {
        FaultCodes.UploadEmpty => fault with { Remedy = "Send the mask as the body, e.g. curl --data-binary @mask.nii.gz." },
        FaultCodes.MediaUnsupported => fault with { Remedy = "Send the mask as application/gzip, application/x-nifti, application/dicom or application/octet-stream, or as the one file of multipart/form-data, without Content-Encoding." },
        _ => fault,
    };
}
