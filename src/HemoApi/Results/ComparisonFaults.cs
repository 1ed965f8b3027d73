using HemoApi.Imaging;

namespace HemoApi.Results;

/// <summary>Why two studies are not compared.</summary>
public static class ComparisonFaults
{
    public static Fault NoBaseline { get; } = new(
        FaultCodes.RequestInvalid, "The request names no baseline.", "Name an earlier study of the same patient in ?baseline=.");

    public static Fault Itself { get; } = new(
        FaultCodes.RequestInvalid, "The baseline is the study itself.", "Name an earlier study of the same patient in ?baseline=.");

    public static Fault PatientDiffers { get; } = new(
        FaultCodes.ComparisonPatientDiffers,
        "The two studies are of different patients: their Patient IDs (0010,0020) differ.",
        "Compare studies of one Patient ID; studies kept under different identity profiles have different ones.");

    public static Fault PatientUnknown { get; } = new(
        FaultCodes.ComparisonPatientUnknown,
        "A study has no Patient ID (0010,0020), so nothing says that both are of one patient.",
        "Upload both with their Patient ID, or with the same pseudonym in its place.");

    public static Fault ModelDiffers { get; } = new(
        FaultCodes.ComparisonModelDiffers,
        "The two studies were measured by different models (the SHA-256 of the network differs), so a difference need not be growth.",
        "Upload the study that the other model measured again, with ?model= naming the one to compare by; delete it first where the answer says deduplicated.");
}
