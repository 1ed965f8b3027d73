using HemoApi.Imaging;

namespace HemoApi.Models;

public static class ModelFaults
{
    /// <summary>Asked for in a request or recorded in a job.</summary>
    public static Fault Unknown { get; } = new(FaultCodes.ModelUnknown, "The service has no model of this id.", "Choose one that GET /api/v1/models lists.");

    /// <summary>Of the configuration: the service does not start.</summary>
    public static Fault NoShadow(string id) => new(FaultCodes.ModelUnknown, $"Models:Shadow names {id}, which is in none of the folders.", "Put its pair of files into one of Models:Folders, or clear the setting.");

    public static Fault NotFound { get; } = new(FaultCodes.NotFound, "There is no model of this id.", "Choose one that GET /api/v1/models lists.");
}
