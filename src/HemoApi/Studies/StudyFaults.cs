using HemoApi.Imaging;

namespace HemoApi.Studies;

public static class StudyFaults
{
    public static Fault NotFound { get; } = new(
        FaultCodes.NotFound,
        "There is no study of this id.",
        "Use the studyId that the upload answered; a study is visible only to its own tenant.");

    public static Fault Gone { get; } = new(
        FaultCodes.Gone,
        "The study was deleted with everything that belonged to it.",
        "Upload the study again if you need its results.");
}
