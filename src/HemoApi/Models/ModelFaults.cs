using HemoApi.Imaging;

namespace HemoApi.Models;

public static class ModelFaults
{
    /// <summary>Asked for in a request or recorded in a job.</summary>
    public static Fault Unknown { get; } = new(FaultCodes.ModelUnknown, "The service has no model of this id.", "Choose one that GET /api/v1/models lists.");

    public static Fault NotFound { get; } = new(FaultCodes.NotFound, "There is no model of this id.", "Choose one that GET /api/v1/models lists.");
}
