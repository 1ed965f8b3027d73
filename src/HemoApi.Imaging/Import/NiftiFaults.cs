namespace HemoApi.Imaging.Import;

/// <summary>Refusals of a NIfTI file. Texts of its header stay out of them: they may hold patient data.</summary>
internal static class NiftiFaults
{
    private const string OneVolume = "Save the mask as one NIfTI-1 file (.nii or .nii.gz) of one three-dimensional label map.";

    public static Fault Invalid(string detail) => new(
        FaultCodes.NiftiInvalid, $"The file is no valid NIfTI-1: {detail}.", "Save the mask again from the program that it was drawn with, and send the whole file.");

    public static Fault Unsupported(string detail) => new(FaultCodes.NiftiUnsupported, $"The NIfTI file can't be taken: {detail}.", OneVolume);
}
