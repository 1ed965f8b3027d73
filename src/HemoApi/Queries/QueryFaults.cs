using HemoApi.Imaging;

namespace HemoApi.Queries;

public static class QueryFaults
{
    public static Fault NotFound { get; } = new(
        FaultCodes.NotFound,
        "There is no saved query of this id.",
        "Use a queryId of GET /api/v1/queries; a query is visible only to its own tenant.");

    public static Fault Exists { get; } = new(
        FaultCodes.QueryExists,
        "There is a saved query of this name already.",
        "Choose another name, or delete the query of this name first; one that is saved is never changed.");
}
